/** The thread's name: first the message's words, then the title OpenCode gives the session, unless a person has named the thread. */
import { threadNameForTitle } from '../../naming.ts'
import type { Action } from '../effect.ts'
import type { RunEvent } from '../event.ts'
import { defineFeature, keep, type FeatureChange } from '../feature.ts'
import type { Conversation } from '../state.ts'

export interface TitleSlice {
  /** The last name we gave the thread. */
  readonly given: string | undefined
  /** A person named it. */
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
    if (event.kind === 'thread-opened') return keep({ ...slice, given: event.name })
    if (event.kind === 'begun') return keep({ ...slice, given: event.beginning.name })
    if (event.kind === 'thread-renamed')
      return keep(event.name === slice.given || slice.isTheirs ? slice : { ...slice, isTheirs: true })
    const name = titleIn(event)
    return name === undefined ? keep(slice) : follow(slice, name, state)
  },
})

/** The session's title, where the event tells it. */
function titleIn(event: RunEvent): string | undefined {
  if (event.kind === 'session-read') return event.snapshot.title
  return event.kind === 'agent' && event.event.kind === 'title' ? event.event.title : undefined
}

function follow(slice: TitleSlice, sessionTitle: string, { thread }: Conversation): FeatureChange<TitleSlice> {
  if (thread.kind !== 'open' || slice.isTheirs) return keep(slice)
  const name = threadNameForTitle(sessionTitle, slice.given ?? '')
  if (name === undefined || name === slice.given) return keep(slice)
  const rename: RenameThread = { kind: 'rename-thread', threadId: thread.id, name }
  return { slice: { ...slice, given: name }, actions: [rename] }
}
