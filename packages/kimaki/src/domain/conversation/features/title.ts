/** The thread's name: first the message's words, then the title OpenCode gives the session, unless a person or a program has named the thread. */
import { threadNameForTitle } from '../../naming.ts'
import type { Action } from '../effect.ts'
import { defineFeature, keep, type FeatureChange } from '../feature.ts'
import type { Conversation } from '../state.ts'

export interface TitleSlice {
  /** The last name we gave the thread. */
  readonly given: string | undefined
  /** A person named it, or the program that asked for it. */
  readonly isTheirs: boolean
}

export interface RenameThread extends Action {
  readonly kind: 'rename-thread'
  readonly threadId: string
  readonly name: string
}

export const title = defineFeature<TitleSlice>({
  name: 'title',
  version: 1,
  initial: { given: undefined, isTheirs: false },
  on(slice, event, state) {
    switch (event.kind) {
      case 'thread-opened':
        return keep({ ...slice, given: event.name })
      case 'begun':
        return keep({ given: event.beginning.name, isTheirs: event.beginning.isChosen ?? false })
      case 'thread-renamed':
        return keep(event.name === slice.given || slice.isTheirs ? slice : { ...slice, isTheirs: true })
      case 'session-read':
        return event.snapshot.title === undefined ? keep(slice) : follow(slice, event.snapshot.title, state)
      case 'agent':
        return event.event.kind === 'title' ? follow(slice, event.event.title, state) : keep(slice)
      case 'command-missed':
      case 'interrupted':
      case 'launch-asked':
      case 'message-deleted':
      case 'message-edited':
      case 'thread-closed':
        return keep(slice)
    }
  },
})

function follow(slice: TitleSlice, sessionTitle: string, { thread }: Conversation): FeatureChange<TitleSlice> {
  if (thread.kind !== 'open' || slice.isTheirs) return keep(slice)
  const name = threadNameForTitle(sessionTitle, slice.given ?? '')
  if (name === undefined || name === slice.given) return keep(slice)
  const rename: RenameThread = { kind: 'rename-thread', threadId: thread.id, name }
  return { slice: { ...slice, given: name }, actions: [rename] }
}
