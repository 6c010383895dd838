/** The plain `kimaki`: runs the bot, under a wrapper that starts it again when it dies. */
import { defineCliCommand } from '../command.ts'
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
    'GET /status': async (_body, { composed }) => ({ pid: process.pid, servers: (await composed?.agent.servers()) ?? [] }),
    'POST /stop': async (_body, bot) => {
      bot.standDown()
      return { pid: process.pid }
    },
  },
})
