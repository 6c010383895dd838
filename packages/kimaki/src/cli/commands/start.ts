/** The plain `kimaki`: runs the bot, under a wrapper that starts it again when it dies. */
import { isAbortError } from '../../base/errors.ts'
import type { ServerStatus } from '../../ports/agent.ts'
import { defineCliCommand } from '../command.ts'
import type { Composed } from '../compose.ts'
import { wantsWrapper } from '../wrapped.ts'

export const start = defineCliCommand({
  usage: '',
  description: 'Discord as the control surface for coding agents: a channel is a project, a thread is a session.',
  // Its options are the global ones: they are read into the configuration.
  options: {},
  async run({ config }) {
    if (wantsWrapper(config.environment)) return (await import('../process/wrapper.ts')).supervise()
    return (await import('../process/run.ts')).run(config)
  },
  routes: {
    // Both serve a second start on the same data folder, also while this bot still starts (see `process/take-over.ts`).
    'GET /status': async (_body, { composed }) => ({ pid: process.pid, servers: await serversOf(composed) }),
    'POST /stop': async (_body, bot) => {
      bot.standDown()
      return { pid: process.pid }
    },
  },
})

/** None once the bot stops: whoever waits for its end asks until then, and must be told its pid. */
async function serversOf(composed: Composed | undefined): Promise<readonly ServerStatus[]> {
  try {
    return (await composed?.agent.servers()) ?? []
  } catch (error) {
    if (isAbortError(error)) return []
    throw error
  }
}
