/** The real bot with one safeguard taken away (`RED`), for the red controls. */
import type { Decorations } from '../../src/cli/compose.ts'
import { readConfig } from '../../src/cli/config.ts'
import { run } from '../../src/cli/process/run.ts'

const RED: Readonly<Record<string, Decorations>> = {
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
}

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(config, RED[process.env['RED'] ?? ''] ?? {})
