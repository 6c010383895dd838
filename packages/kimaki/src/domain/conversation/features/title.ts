/**
 * The feature that names the thread: first the message's words, then the title OpenCode gives the session, unless a person or a program
 * has named the thread.
 */
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
  on: {
    'thread-opened': (slice, { name }) => keep({ ...slice, given: name }),
    begun: (_, { beginning }) => keep({ given: beginning.name, isTheirs: beginning.isChosen ?? false }),
    'thread-renamed': (slice, { name }) => keep(name === slice.given || slice.isTheirs ? slice : { ...slice, isTheirs: true }),
    'session-read': (slice, { snapshot }, state) =>
      snapshot.title === undefined ? keep(slice) : follow(slice, snapshot.title, state),
    agent: (slice, { event }, state) => (event.kind === 'title' ? follow(slice, event.title, state) : keep(slice)),
  },
})

function follow(slice: TitleSlice, sessionTitle: string, { thread }: Conversation): FeatureChange<TitleSlice> {
  if (thread.kind !== 'open' || slice.isTheirs) return keep(slice)
  const name = threadNameForTitle(sessionTitle, slice.given ?? '')
  if (name === undefined || name === slice.given) return keep(slice)
  const rename: RenameThread = { kind: 'rename-thread', threadId: thread.id, name }
  return { slice: { ...slice, given: name }, actions: [rename] }
}
