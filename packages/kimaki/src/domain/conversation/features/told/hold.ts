/** Discord does not let the bot write in the thread for now: the project channel is told, and what became of it. */
import type { Hold } from '../../posts/post.ts'
import { defineFeature, keep } from '../../feature.ts'

export interface ThreadHold extends Hold {
  /** The first post that was held. */
  readonly postId: string
  readonly state: 'held' | 'over' | 'thread-gone'
}

export const hold = defineFeature<ThreadHold | undefined>({
  name: 'hold',
  version: 1,
  initial: undefined,
  on: {
    'post-held': (_, { postId, code, missing }) => keep({ postId, code, missing, state: 'held' }),
    'post-released': (known, { postId }) => keep(known?.postId === postId ? { ...known, state: 'over' } : known),
    'thread-closed': (known) => keep(known?.state === 'held' ? { ...known, state: 'thread-gone' } : known),
  },
  closeTurn: () => undefined,
})
