/** `kimaki`: runs the bot until it is told to stop. */
import { mkdirSync } from 'node:fs'
import type { Control } from '../../app/control/server.ts'
import { StoreUnavailable } from '../../base/errors.ts'
import { createLog } from '../../host/log.ts'
import type { ChatFatal } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { compose, type Composed, type Decorations } from '../compose.ts'
import type { Config } from '../config.ts'
import { controlRoutes } from '../control/routes.ts'
import { controlToken } from '../control/token.ts'
import { diskTrouble, type DiskTrouble } from './disk-trouble.ts'
import { listenForEnding, wayOf, type Endings } from './shutdown-reason.ts'
import { EXIT_FAILURE, EXIT_OK, EXIT_TEMPORARY, EXIT_USAGE } from './exit-codes.ts'
import { say, tell } from './lifecycle.ts'
import { forgetBot, recordBot } from './running-bot.ts'
import { takeLock, type NoLock } from './take-over.ts'
import { wrapperOf, type Wrapper } from './wrapped.ts'

/** Whatever does not end by itself is not waited for longer than this: within 5 s all is over. */
const STOP_LIMIT_MS = 4500
const WRAPPER_LOOK_MS = 2000

/** Resolves with the exit code once everything has ended. */
export async function run(config: Config, decorate?: Decorations): Promise<number> {
  const { token, dataDir } = config
  if (token === undefined)
    return refuse(
      EXIT_USAGE,
      'KIMAKI_BOT_TOKEN is not set. Create a bot at https://discord.com/developers/applications, copy its token and set it.',
    )
  const wrapper = wrapperOf(config.environment)
  const endings = listenForEnding(wrapper, complain)
  const place = prepare(dataDir, token)
  if ('words' in place) return refuse(place.code, place.words)
  const { log } = place
  const link = { composed: undefined as Composed | undefined, takenOver: () => endings.end({ kind: 'taken over' }) }
  const lock = await takeLock({
    dataDir,
    port: config.lockPort,
    token: place.controlToken,
    routes: controlRoutes(link),
    mayAsk: wrapper === undefined || wrapper.life === 1,
    stopped: () => endings.came,
    say: complain,
  })
  if ('kind' in lock) return withoutLock(lock, dataDir)
  return withLock(config, { token, log, wrapper, endings, link, lock, decorate })
}

/** The folder and what it must hold before anything else starts. */
function prepare(dataDir: string, token: string): { readonly log: Log; readonly controlToken: string } | DiskTrouble {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    return { controlToken: controlToken(dataDir), log: createLog(dataDir, [token]) }
  } catch (error) {
    const trouble = diskTrouble(dataDir, error)
    if (!trouble) throw error
    return trouble
  }
}

function withoutLock(none: NoLock, dataDir: string): number {
  if (none.kind === 'refused') return refuse(EXIT_USAGE, none.reason)
  if (none.kind === 'yields')
    complain(`another kimaki (pid ${none.pid}) has taken over ${dataDir} meanwhile; this one is not started again.`)
  return EXIT_OK
}

interface Run {
  readonly token: string
  readonly log: Log
  readonly wrapper: Wrapper | undefined
  readonly endings: Endings
  readonly link: { composed: Composed | undefined }
  readonly lock: Control
  readonly decorate: Decorations | undefined
}

async function withLock(config: Config, { token, log, wrapper, endings, link, lock, decorate }: Run): Promise<number> {
  const stopWatching = watchOver(log, wrapper)
  try {
    log.info('kimaki starts', { process: process.pid, ...(wrapper && { life: wrapper.life }) })
    const unrecorded = recordBot(config.dataDir, lock.port, wrapper?.pid)
    if (unrecorded) log.warn('a later start cannot end this one, should it hang', { reason: unrecorded.message })
    const onFatal = (fatal: ChatFatal): void =>
      endings.end({ kind: 'failed', code: refuse(EXIT_USAGE, fatal.message, fatal.hint) })
    const onDamage = (error: Error): void => endings.end({ kind: 'damaged', code: refuse(EXIT_USAGE, error.message) })
    const composed = await compose(config, { token, log, onFatal, onDamage, decorate })
    if (composed instanceof Error)
      return refuse(composed instanceof StoreUnavailable ? EXIT_TEMPORARY : EXIT_USAGE, composed.message)
    link.composed = composed
    if (!endings.came) void start(composed, log, endings, onFatal)
    const ending = await endings.first
    if (ending.kind === 'taken over') complain('another kimaki takes over: this one ends.')
    // A failure has said so itself; its words stay the last.
    if (!('code' in ending)) log.info('stopping', { ...ending })
    const { code, opencode } = wayOf(ending)
    setTimeout(() => process.exit(code), STOP_LIMIT_MS).unref()
    await composed.bot.stop(opencode)
    // At an ordinary end Node closes what is open, and SQLite would then write into the damaged file.
    if (ending.kind === 'damaged') process.once('beforeExit', () => process.exit(code))
    return code
  } finally {
    stopWatching()
    forgetBot(config.dataDir)
    await lock.close()
  }
}

/** A crash leaves its words in the log; the death of the wrapper is told once. */
function watchOver(log: Log, wrapper: Wrapper | undefined): () => void {
  const lastWords = (error: unknown): void =>
    log.error('kimaki died of an error that nobody caught', { error: error instanceof Error ? error.stack : String(error) })
  process.on('uncaughtExceptionMonitor', lastWords)
  const timer = setInterval(() => {
    if (!wrapper || wrapper.alive) return
    clearInterval(timer)
    log.warn(
      'the wrapper of this bot is gone: after a crash nothing starts it again. Starting kimaki once more takes over in order.',
    )
  }, WRAPPER_LOOK_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    process.off('uncaughtExceptionMonitor', lastWords)
  }
}

async function start(composed: Composed, log: Log, endings: Endings, onFatal: (fatal: ChatFatal) => void): Promise<void> {
  try {
    const ready = await composed.bot.start()
    // The answer to being stopped early is no fault.
    if (ready.kind === 'fatal') return endings.came ? undefined : onFatal(ready)
    greet(ready, composed)
  } catch (error) {
    log.error('kimaki could not start', { error: error instanceof Error ? error.stack : String(error) })
    endings.end({ kind: 'failed', code: EXIT_FAILURE })
  }
}

function greet(ready: { readonly applicationId: string; readonly guildIds: readonly string[] }, { projects }: Composed): void {
  tell({ type: 'ready', app_id: ready.applicationId, guild_ids: ready.guildIds })
  const linked = projects.all()
  say(`kimaki is connected: ${ready.guildIds.length} server(s), ${linked.length} project(s). Ctrl-C stops it.`)
  if (linked.length === 0)
    say('Link a folder to a channel: kimaki project link <folder> --channel <channel id> --guild <server id>')
}

const complain = (words: string): void => void process.stderr.write(`kimaki: ${words}\n`)

function refuse(code: number, ...sentences: readonly string[]): number {
  const message = sentences.join(' ')
  complain(message)
  tell({ type: 'error', message })
  return code
}
