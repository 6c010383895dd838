/** `kimaki`: runs the bot until it is told to stop. */
import packageJson from '../../../package.json' with { type: 'json' }
import { claimLinked } from '../../app/projects/claims.ts'
import { StoreUnavailable, UsageError, isAbortError } from '../../base/errors.ts'
import { secretsOf } from '../../base/known-secrets.ts'
import { Secrets } from '../../base/redact.ts'
import { createSentry, reporting } from '../../host/process/sentry.ts'
import { HeapSnapshots } from '../../host/process/heap-snapshots.ts'
import type { ChatFatal, ChatReady } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { AgentAccess, BotHandle } from '../command.ts'
import { saveCompileCache } from '../compile-cache.ts'
import { compose, type Composed, type Decorations } from '../compose.ts'
import type { Config } from '../config.ts'
import { isForGateway, secretsOfToken } from '../credentials.ts'
import { controlRoutes } from '../commands/routes.ts'
import { AgentLinks } from '../control/agent-links.ts'
import type { Control } from '../control/lock.ts'
import { isBesideNewer } from '../saved/newer-opencode.ts'
import { BESIDE_NEWER } from '../../view/inquiry/newer-opencode.ts'
import { publishFolders } from './agent-folders.ts'
import { forgetBot, recordBot } from './bot-record.ts'
import { refusedOpenCode } from './chosen-opencode.ts'
import { forgetOldToken, openDataDir, troubleWith } from './data-dir.ts'
import { Shutdown, exitPlan, listenForSignals, type ShutdownReason } from './shutdown.ts'
import {
  EXIT_FAILURE,
  EXIT_OK,
  EXIT_TEMPORARY,
  EXIT_USAGE,
  emitStatus,
  isTerminal,
  keepStdoutForEvents,
  logError,
  printToTerminal,
} from '../status.ts'
import { nextSteps } from '../projects/next-steps.ts'
import { createUpgrade } from '../upgrade/npm.ts'
import { takeLock } from './take-over.ts'
import { watchProcess } from './watch.ts'
import type { Wake } from '../wake/wake.ts'
import { wrapperOf, type Wrapper } from '../wrapped.ts'

/** The process exits at the latest so long after the request to stop: within 5 s all is over. */
const STOP_DEADLINE_MS = 4500

/** Resolves with the exit code once everything has ended. */
export async function run(config: Config, decorate?: Decorations): Promise<number> {
  const { token, dataDir } = config
  keepStdoutForEvents()
  if (token === undefined)
    return refuse(
      EXIT_USAGE,
      'KIMAKI_BOT_TOKEN is not set. Run kimaki at a terminal: it asks for all that it needs. Without one, connect through a gateway (kimaki --gateway), or create a bot at https://discord.com/developers/applications, copy its token and set it.',
    )
  const wrapper = wrapperOf(config.environment)
  const shutdown = new Shutdown()
  listenForSignals(shutdown, wrapper)
  const secrets = new Secrets([...secretsOfToken(token), ...secretsOf(config.environment)])
  const opened = openDataDir(dataDir, secrets)
  if ('message' in opened) return refuse(opened.code, opened.message)
  // A later life of this bot has the same OpenCode, and is awaited.
  const isFirst = wrapper === undefined || wrapper.generation === 1
  const refused = isFirst ? await refusedOpenCode(config, opened.log) : undefined
  if (refused) return refuse(EXIT_USAGE, `${refused.message}.`)
  const bot = new RunningBot(shutdown, new AgentLinks(dataDir), wrapper)
  const lock = await takeLock({
    dataDir,
    port: config.lockPort,
    routes: controlRoutes(bot),
    deadlineMs: config.takeOverMs,
    mayAsk: isFirst,
    signal: shutdown.signal,
    log: logError,
  }).catch(passAbort)
  if (lock === undefined) return EXIT_OK
  if (lock instanceof Error) {
    const { code, message } = troubleWith(dataDir, lock)
    return refuse(code, message)
  }
  if ('kind' in lock) {
    logError(`another kimaki (pid ${lock.pid}) has taken over ${dataDir} meanwhile; this one is not started again.`)
    return EXIT_OK
  }
  const log = withReports(config, opened.log, secrets)
  return runWithLock({ config, token, secrets, log, wrapper, shutdown, bot, lock, decorate })
}

/** Errors are also reported where the operator wants that, and nowhere else. */
function withReports({ environment }: Config, log: Log, secrets: Secrets): Log {
  const dsn = environment['SENTRY_DSN']?.trim() ?? ''
  if (dsn === '') return log
  const report = createSentry({ dsn, release: packageJson.version, secrets })
  if (!report) log.warn('SENTRY_DSN is no DSN of Sentry (https://key@host/project): errors are only in the log')
  return report ? reporting(log, report) : log
}

/** The bot of this process for its control routes, from before it is composed. */
class RunningBot implements BotHandle {
  readonly links: AgentAccess
  readonly #shutdown: Shutdown
  readonly #wrapper: Wrapper | undefined
  #composed: Composed | undefined

  constructor(shutdown: Shutdown, links: AgentAccess, wrapper: Wrapper | undefined) {
    this.#shutdown = shutdown
    this.links = links
    this.#wrapper = wrapper
  }

  get composed(): Composed | undefined {
    return this.#composed
  }

  attach(composed: Composed): void {
    this.#composed = composed
  }

  standDown(): void {
    this.#shutdown.request({ kind: 'taken over' })
  }

  restart(): undefined | UsageError {
    if (!this.#wrapper?.isAlive) return new UsageError({ reason: NO_WRAPPER })
    this.#shutdown.request({ kind: 'again' })
    return undefined
  }
}

const NO_WRAPPER = 'There is no wrapper that would start kimaki again: end it, and start it yourself.'

/** Undefined for a wait that a request to stop has ended. */
function passAbort(error: unknown): undefined {
  if (!isAbortError(error)) throw error
}

interface Run {
  readonly config: Config
  readonly token: string
  readonly secrets: Secrets
  readonly log: Log
  readonly wrapper: Wrapper | undefined
  readonly shutdown: Shutdown
  readonly bot: RunningBot
  readonly lock: Control
  readonly decorate: Decorations | undefined
}

async function runWithLock(run: Run): Promise<number> {
  const { config, log, wrapper, shutdown, bot, lock } = run
  const stopWatching = watchProcess(log, wrapper, new HeapSnapshots({ dataDir: config.dataDir, log }))
  try {
    log.info('kimaki starts', { process: process.pid, ...(wrapper && { life: wrapper.generation }) })
    if (config.settings.isOpen) tellOperator(OPEN, log)
    if (isBesideNewer(config.environment)) log.warn(BESIDE_NEWER.found, { advice: BESIDE_NEWER.fix })
    forgetOldToken(config.dataDir)
    const unrecorded = recordBot(config.dataDir, lock.port, wrapper?.pid)
    if (unrecorded) log.warn('a later start cannot end this one, should it hang', { reason: unrecorded.message })
    const composed = await composeFor(run)
    if (composed instanceof Error)
      return refuse(composed instanceof StoreUnavailable ? EXIT_TEMPORARY : EXIT_USAGE, composed.message)
    bot.attach(composed)
    const unreached = await publishFolders(bot.links, composed)
    if (unreached) log.warn('the tools of agents do not reach this bot', { reason: unreached.message })
    if (!shutdown.signal.aborted) void start(composed, run)
    return await stop(composed, await shutdown.reason, log)
  } finally {
    stopWatching()
    forgetBot(config.dataDir)
    await lock.close()
  }
}

const composeFor = ({ config, token, secrets, log, shutdown, bot, decorate }: Run): ReturnType<typeof compose> =>
  compose(config, {
    token,
    log,
    secrets,
    onFatal: (fatal) => endFatally(shutdown, fatal),
    onLinked: (directory) => void bot.links.publish([directory]),
    upgrade: createUpgrade({
      current: packageJson.version,
      environment: config.environment,
      script: process.argv[1] ?? '',
      restart: () => bot.restart(),
    }),
    onDamage: (error) => shutdown.request({ kind: 'damaged', code: refuse(EXIT_USAGE, error.message) }),
    decorate,
  })

const endFatally = (shutdown: Shutdown, { message, fix }: ChatFatal): void =>
  shutdown.request({ kind: 'failed', code: refuse(EXIT_USAGE, message, fix) })

async function start(composed: Composed, run: Run): Promise<void> {
  const { log, shutdown } = run
  try {
    const wake = await startWake(composed, run)
    if (wake instanceof Error) return shutdown.request({ kind: 'failed', code: refuse(EXIT_USAGE, wake.message) })
    const ready = await composed.bot.start()
    if (ready.kind === 'ready') void wake?.connected()
    if (ready.kind === 'ready') await greet(ready, composed, run)
    // A bot that was told to stop while it connects answers `fatal` too, and is not at fault.
    else if (!shutdown.signal.aborted) endFatally(shutdown, ready)
  } catch (error) {
    if (isAbortError(error) && shutdown.signal.aborted) return
    log.error('kimaki could not start', { error: error instanceof Error ? error.stack : String(error) })
    shutdown.request({ kind: 'failed', code: EXIT_FAILURE })
  }
}

/** Undefined, without loading anything, where this machine is not to be woken. */
async function startWake({ kept }: Composed, { config, log }: Run): Promise<Wake | undefined | Error> {
  if ((config.environment['KIMAKI_INTERNET_REACHABLE_URL'] ?? '') === '') return undefined
  const { openWake } = await import('../wake/wake.ts')
  const wake = await openWake(config, log)
  return wake === undefined || wake instanceof Error ? wake : kept.once('wake', async () => wake)
}

async function greet(ready: ChatReady, { projects, chat, owners }: Composed, { config, log, shutdown }: Run): Promise<void> {
  if (ready.guildIds.length === 0 && isForGateway(config.token)) {
    // The list may be empty because Discord did not answer.
    const servers = await chat.channels.servers()
    if (!(servers instanceof Error) && servers.length === 0) {
      const { inviteAnew } = await import('../gateway/invite.ts')
      return shutdown.request({ kind: 'failed', code: refuseAlone(await inviteAnew(config)) })
    }
  }
  emitStatus({ type: 'ready', app_id: ready.applicationId, guild_ids: ready.guildIds })
  if (owners) void claimLinked(owners, projects, log)
  const linked = projects.all().length
  printToTerminal(`kimaki is connected: ${ready.guildIds.length} server(s), ${linked} project(s). Ctrl-C stops it.`)
  for (const line of await nextSteps(chat, ready, linked)) tellOperator(line, log)
  saveCompileCache()
}

const OPEN =
  'Warning: --allow-all-users lets every member of these servers run commands as you. A role named no-kimaki keeps somebody out.'

/** At a terminal; off it, in the log, since only events go to stdout there. */
function tellOperator(line: string, log: Log): void {
  if (isTerminal()) printToTerminal(line)
  else log.info(line)
}

/** Drains the bot; what does not end by itself is cut off at the deadline. Resolves with the exit code. */
async function stop({ bot, kept }: Composed, reason: ShutdownReason, log: Log): Promise<number> {
  if (reason.kind === 'taken over') logError('another kimaki takes over: this one ends.')
  // A failure has printed its sentence already, and that sentence stays the last one.
  if (!('code' in reason)) log.info('stopping', { ...reason })
  const { code, opencode } = exitPlan(reason)
  setTimeout(() => process.exit(code), STOP_DEADLINE_MS).unref()
  await Promise.all([kept.close(), bot.stop(opencode)])
  // At an ordinary exit Node closes what is open, and SQLite would then write into the damaged file.
  if (reason.kind === 'damaged') process.once('beforeExit', () => process.exit(code))
  return code
}

/** `address`: where somebody lets this machine into a server again, or why there is none. */
function refuseAlone(address: string | Error): number {
  const what = 'This machine is in no server of the gateway any more.'
  const isThere = typeof address === 'string'
  const message = isThere ? `${what} Open the address, then run kimaki --gateway: ${address}` : `${what} ${address.message}`
  logError(message)
  emitStatus({ type: 'error', message, ...(isThere && { install_url: address }) })
  return EXIT_USAGE
}

function refuse(code: number, ...sentences: readonly string[]): number {
  const message = sentences.join(' ')
  logError(message)
  emitStatus({ type: 'error', message })
  return code
}
