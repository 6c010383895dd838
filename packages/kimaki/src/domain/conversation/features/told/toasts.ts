/** What OpenCode or a plugin of it tells whoever looks, and means for this session. */
import type { Toast } from '../../../agent.ts'
import { defineFeature, keep } from '../../feature.ts'

export const toasts = defineFeature<readonly Toast[]>({
  name: 'toasts',
  version: 1,
  initial: [],
  on: {
    agent: (known, { event }) =>
      keep(
        event.kind !== 'toast' || known.length >= MOST || known.some(({ id }) => id === event.toast.id)
          ? known
          : [...known, event.toast],
      ),
  },
  closeTurn: (known) => (known.length === 0 ? known : []),
})

/** In a turn: a plugin may tell something with every event. */
const MOST = 10
