/** The real bot with one safeguard of its servers taken away (`RED`), for the red controls. */
import type { Decorations } from '../../src/cli/compose.ts'
import { readConfig } from '../../src/cli/config.ts'
import { run } from '../../src/cli/run.ts'

const RED: Readonly<Record<string, Decorations>> = {
  /** Starts nothing before it is needed. */
  'not-ahead': { agent: (agent) => ({ ...agent, warm: () => undefined }) },
  /** Knows nothing of the servers that an earlier bot left. */
  'forgets-servers': {
    store: (store) => ({ ...store, servers: { ...store.servers, read: () => [] } }),
  },
  /** Leaves its servers to themselves when it stops. */
  'leaves-servers': { agent: (agent) => ({ ...agent, stop: async () => agent.stop('leave') }) },
}

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(config, RED[process.env['RED'] ?? ''])
