/** The real bot with one safeguard taken away (`RED`), for the red controls, or with a "no" that comes late. */
import { existsSync } from 'node:fs'
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

/** The "no" to an ask comes only once a file is there: time for a server to die before. */
const lateNo = process.env['LATE_NO']
const late: Decorations = {
  agent: (agent) => ({
    ...agent,
    async reject(...ask) {
      while (lateNo !== undefined && !existsSync(lateNo)) await new Promise((resolve) => setTimeout(resolve, 20))
      const rejected = await agent.reject(...ask)
      // Takes every ask that is gone for a rejected one.
      return process.env['RED'] === 'nothing-expires' && rejected === 'expired' ? 'answered' : rejected
    },
  }),
}

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(config, RED[process.env['RED'] ?? ''] ?? late)
