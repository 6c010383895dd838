/** What takes one safeguard of the real bot away, for the red controls. */
import type { Decorations } from '../../src/cli/compose.ts'

export const WEAKENED = {
  /** Starts nothing before it is needed. */
  'not-ahead': { agent: (agent) => ({ ...agent, warm: () => undefined }) },
  /** Knows nothing of the servers that an earlier bot left. */
  'forgets-servers': {
    store: (store) => ({ ...store, servers: { ...store.servers, read: () => [] } }),
  },
  /** Leaves its servers to themselves when it stops. */
  'leaves-servers': { agent: (agent) => ({ ...agent, stop: async () => agent.stop('leave') }) },
  /** Takes what a RESUME tells again for what is said now. */
  'takes-old-for-new': {
    chat: (chat) => ({
      ...chat,
      start: async (options) =>
        chat.start({
          ...options,
          onEvent(event) {
            if (event.kind !== 'message') return options.onEvent(event)
            const { late: _late, ...now } = event
            options.onEvent(now)
          },
        }),
    }),
  },
  /** Leaves shell commands to themselves when it stops. */
  'leaves-commands': { shell: (shell) => ({ ...shell, stopAll: async () => undefined }) },
} satisfies Readonly<Record<string, Decorations>>
