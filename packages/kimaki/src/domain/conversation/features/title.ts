/**
 * The feature that names the thread: first the message's words, then the title OpenCode gives the session. Only a thread that we opened
 * is named, and only as long as nobody else has named it.
 */
import { threadNameForTitle, UNNAMED } from '../../naming.ts'
import type { Action } from '../effect.ts'
import { defineFeature, keep, type FeatureChange } from '../feature.ts'
import type { Conversation } from '../state.ts'

export interface TitleSlice {
  /** The last name we gave the thread; undefined: somebody else opened it, under a name of their own. */
  readonly given: string | undefined
  /** The one before: the thread still has it when Discord did not take the last. */
  readonly before?: string
  /** The session's title, which came before the thread was open. */
  readonly early?: string
  /** A person named it, or the program that asked for it. */
  readonly isTheirs: boolean
}

export interface RenameThread extends Action {
  readonly kind: 'rename-thread'
  readonly threadId: string
  readonly name: string
  /** Names that we gave the thread. Under any other name a person renamed it while we were away. */
  readonly over: readonly string[]
}

export const title = defineFeature<TitleSlice>({
  name: 'title',
  version: 1,
  initial: { given: undefined, isTheirs: false },
  on: {
    'thread-opened'({ early, ...slice }, { name, isTheirs = false }, state) {
      const opened = { ...slice, given: name, isTheirs: slice.isTheirs || isTheirs }
      return early === undefined ? keep(opened) : follow(opened, early, state)
    },
    begun: (_, { beginning }) => keep({ given: beginning.name, isTheirs: beginning.isChosen ?? false }),
    'thread-renamed': (slice, { name }) =>
      keep(name === slice.given || name === UNNAMED || slice.isTheirs ? slice : { ...slice, isTheirs: true }),
    'session-read': (slice, { snapshot }, state) =>
      snapshot.title === undefined ? keep(slice) : follow(slice, snapshot.title, state),
    agent: (slice, { event }, state) => (event.kind === 'title' ? follow(slice, event.title, state) : keep(slice)),
  },
})

function follow(slice: TitleSlice, sessionTitle: string, { thread }: Conversation): FeatureChange<TitleSlice> {
  const { given, before, early, isTheirs } = slice
  if (isTheirs) return keep(slice)
  if (thread.kind === 'none' || thread.kind === 'opening')
    return keep(early === sessionTitle ? slice : { ...slice, early: sessionTitle })
  if (thread.kind !== 'open' || given === undefined) return keep(slice)
  const name = threadNameForTitle(sessionTitle, given)
  if (name === undefined || name === given) return keep(slice)
  const over = [given, ...(before === undefined ? [] : [before]), UNNAMED]
  const rename: RenameThread = { kind: 'rename-thread', threadId: thread.id, name, over }
  return { slice: { ...slice, given: name, before: given }, actions: [rename] }
}
