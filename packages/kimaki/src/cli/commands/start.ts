/** The plain `kimaki`: runs the bot, under a wrapper that starts it again when it dies. */
import { isAbortError, UsageError } from '../../base/errors.ts'
import type { ServerStatus } from '../../ports/agent.ts'
import { defineCliCommand, type OptionValues } from '../command.ts'
import type { Composed } from '../compose.ts'
import type { Config } from '../config.ts'
import { EXIT_OK, emitStatus, isTerminal, keepStdoutForEvents, logError } from '../status.ts'
import { wantsWrapper, wrapperOf } from '../wrapped.ts'

const OPTIONS = {
  installUrl: { flag: '--install-url', description: 'print the address that invites the bot to a server, and exit' },
  gateway: {
    flag: '--gateway',
    description: 'connect through a gateway, without a bot of your own: print an address, and wait until it was opened',
  },
  gatewayCallbackUrl: {
    flag: '--gateway-callback-url <url>',
    description: 'where whoever has opened it goes on to, with ?guild_id=<id> (default: a page of the gateway)',
  },
  restartOnboarding: {
    flag: '--restart-onboarding',
    description: 'ask for bot and projects again, though a token is saved; with --gateway, for another server',
  },
  addChannels: { flag: '--add-channels', description: 'ask which folders become projects, then start' },
} as const

export const start = defineCliCommand({
  usage: '',
  description: 'Discord as the control surface for coding agents: a channel is a project, a thread is a session.',
  examples: ['kimaki', 'kimaki --verbosity text_only', 'kimaki --gateway', 'kimaki --install-url'],
  // Most of its options are the global ones: they are read into the configuration.
  options: OPTIONS,
  async run({ config, options, print }) {
    if (options.installUrl) return printInvite(config, print)
    if (wrapperOf(config.environment)) return runBot(config)
    keepStdoutForEvents()
    const asked = options.gateway ? await throughGateway(config, options) : await askFirst(config, options)
    if (asked instanceof Error && !options.gateway) emitStatus({ type: 'error', message: asked.message })
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
type Asked = Config | number | Error

type Options = OptionValues<typeof OPTIONS>

async function askFirst(config: Config, { restartOnboarding, addChannels, gatewayCallbackUrl }: Options): Promise<Asked> {
  const asks = restartOnboarding ? 'everything' : addChannels ? 'projects' : undefined
  const hasTerminal = process.stdin.isTTY && isTerminal()
  if (gatewayCallbackUrl !== undefined) return new UsageError({ reason: NO_GATEWAY })
  if (asks !== undefined && !hasTerminal) return new UsageError({ reason: NO_TERMINAL })
  if (asks === 'everything' && config.environment['KIMAKI_BOT_TOKEN']?.trim()) return new UsageError({ reason: TOKEN_WINS })
  if (!hasTerminal || (config.token !== undefined && asks === undefined)) return config
  return askAtTerminal(config, asks ?? 'everything')
}

/** Errors are told as events by whoever finds them. */
async function throughGateway(config: Config, options: Options): Promise<Asked> {
  const { restartOnboarding: isAnew = false, gatewayCallbackUrl: callback } = options
  const { isForGateway } = await import('../credentials.ts')
  if (config.environment['KIMAKI_BOT_TOKEN']?.trim()) {
    if (isForGateway(config.token) && !isAnew) return config
    return told(new UsageError({ reason: isAnew ? TOKEN_WINS : OWN_TOKEN }))
  }
  const { prepareDataDir } = await import('../data-folder.ts')
  const unsafe = prepareDataDir(config.dataDir)
  if (unsafe) return told(unsafe)
  try {
    const known = isAnew ? undefined : (await import('../gateway/known.ts')).asKnownMachine(config)
    if (known) return known
    if (process.stdin.isTTY && isTerminal()) return await askAtTerminal(config, 'gateway', callback)
    return await (await import('../gateway/off-terminal.ts')).connectOffTerminal(config, callback)
  } catch (error) {
    // A disk that takes no credentials.
    const { code, message } = (await import('../process/data-dir.ts')).troubleWith(config.dataDir, error)
    logError(told(new UsageError({ reason: message })).message)
    return code
  }
}

async function askAtTerminal(config: Config, asks: 'everything' | 'projects' | 'gateway', callback?: string): Promise<Asked> {
  const { runWizard } = await import('../onboarding/wizard.ts')
  const ending = await runWizard(config, asks, callback)
  if (ending instanceof Error) return ending
  return ending.kind === 'exit' ? ending.code : (await import('../credentials.ts')).withToken(config, ending.token)
}

function told(error: Error): Error {
  emitStatus({ type: 'error', message: error.message })
  return error
}

const NO_TERMINAL =
  '--restart-onboarding and --add-channels ask questions, and need a terminal. Without one, set KIMAKI_BOT_TOKEN (or use --gateway), and add folders with kimaki project add.'
const TOKEN_WINS = 'KIMAKI_BOT_TOKEN is set, and wins over a token that is saved. Unset it, then run this again.'
const OWN_TOKEN =
  'KIMAKI_BOT_TOKEN is the token of a bot of your own, and wins over --gateway. Unset it, then run this again; or leave out --gateway.'
const NO_GATEWAY = '--gateway-callback-url is of use with --gateway alone: add --gateway, or leave it out.'

export async function printInvite(config: Config, print: (line: string) => void): Promise<number | Error> {
  const { isForGateway } = await import('../credentials.ts')
  const address = isForGateway(config.token)
    ? await (await import('../gateway/invite.ts')).inviteThroughGateway(config)
    : await inviteOwn(config)
  if (address instanceof Error) return address
  print(address)
  return EXIT_OK
}

async function inviteOwn(config: Config): Promise<string | Error> {
  const { withDiscord } = await import('../projects/offline.ts')
  const { inviteAddress } = await import('../../domain/rights.ts')
  const application = await withDiscord(config, (chat) => chat.application())
  return application instanceof Error ? application : inviteAddress(application.id)
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
