/** The plain `kimaki`: runs the bot, under a wrapper that starts it again when it dies. */
import { isAbortError, UsageError } from '../../base/errors.ts'
import type { ServerStatus } from '../../ports/agent.ts'
import { defineCliCommand } from '../command.ts'
import type { Composed } from '../compose.ts'
import type { Config } from '../config.ts'
import { EXIT_OK } from '../status.ts'
import { wantsWrapper, wrapperOf } from '../wrapped.ts'

export const start = defineCliCommand({
  usage: '',
  description: 'Discord as the control surface for coding agents: a channel is a project, a thread is a session.',
  examples: ['kimaki', 'kimaki --verbosity text_only', 'kimaki --install-url'],
  // Most of its options are the global ones: they are read into the configuration.
  options: {
    installUrl: { flag: '--install-url', description: 'print the address that invites the bot to a server, and exit' },
    restartOnboarding: { flag: '--restart-onboarding', description: 'ask for bot and projects again, though a token is saved' },
    addChannels: { flag: '--add-channels', description: 'ask which folders become projects, then start' },
  },
  async run({ config, options, print }) {
    if (options.installUrl) return printInvite(config, print)
    if (wrapperOf(config.environment)) return runBot(config)
    const asks = options.restartOnboarding ? 'everything' : options.addChannels ? 'projects' : undefined
    const asked = await askFirst(config, asks)
    if (typeof asked === 'number' || asked instanceof Error) return asked
    return wantsWrapper(config.environment) ? (await import('../process/wrapper.ts')).supervise() : runBot(asked)
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

const runBot = async (config: Config): Promise<number> => (await import('../process/run.ts')).run(config)

/** The configuration to run with, once all is known; the code to exit with where a person has ended it. */
async function askFirst(config: Config, asks: 'everything' | 'projects' | undefined): Promise<Config | number | Error> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  if (asks !== undefined && !isTerminal) return new UsageError({ reason: NO_TERMINAL })
  if (asks === 'everything' && config.environment['KIMAKI_BOT_TOKEN']?.trim()) return new UsageError({ reason: TOKEN_WINS })
  if (!isTerminal || (config.token !== undefined && asks === undefined)) return config
  const { runWizard } = await import('../onboarding/wizard.ts')
  const ending = await runWizard(config, asks ?? 'everything')
  if (ending instanceof Error) return ending
  return ending.kind === 'exit' ? ending.code : { ...config, token: ending.token }
}

const NO_TERMINAL =
  '--restart-onboarding and --add-channels ask questions, and need a terminal. Without one, set KIMAKI_BOT_TOKEN, and add folders with kimaki project add.'
const TOKEN_WINS = 'KIMAKI_BOT_TOKEN is set, and wins over a token that is saved. Unset it, then run this again.'

async function printInvite(config: Config, print: (line: string) => void): Promise<number | Error> {
  const { withDiscord } = await import('../projects/offline.ts')
  const { inviteAddress } = await import('../../domain/rights.ts')
  const application = await withDiscord(config, (chat) => chat.application())
  if (application instanceof Error) return application
  print(inviteAddress(application.id))
  return EXIT_OK
}

/** None once the bot stops: whoever waits for its end asks until then, and must be told its pid. */
async function serversOf(composed: Composed | undefined): Promise<readonly ServerStatus[]> {
  try {
    return (await composed?.agent.servers()) ?? []
  } catch (error) {
    if (isAbortError(error)) return []
    throw error
  }
}
