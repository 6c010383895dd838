/** `kimaki`: runs the bot until it is told to stop. */
import { mkdirSync } from 'node:fs'
import { listenForControl } from '../app/control/server.ts'
import { createLog } from '../host/log.ts'
import type { ChatFatal } from '../ports/chat.ts'
import type { Log } from '../ports/host.ts'
import { compose, type Composed, type Decorations } from './compose.ts'
import type { Config } from './config.ts'
import { controlRoutes } from './control-routes.ts'
import { controlToken } from './control-token.ts'
import { say, tell } from './lifecycle.ts'

/** sysexits: wrong use or set-up; starting again without a change is of no use. */
const EXIT_USAGE = 64
const EXIT_FAILURE = 1
/** Whatever does not end by itself is not waited for longer than this. */
const STOP_LIMIT_MS = 5000

/** Resolves with the exit code once everything has ended. */
export async function run(config: Config, decorate?: Decorations): Promise<number> {
  const { token } = config
  if (token === undefined)
    return refuse(
      'KIMAKI_BOT_TOKEN is not set. Create a bot at https://discord.com/developers/applications, copy its token and set it.',
    )
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const signals = listenForSignals()
  const link = { composed: undefined as Composed | undefined }
  const control = await listenForControl(config.lockPort, controlToken(config.dataDir), controlRoutes(link))
  if (!control)
    return refuse(
      `another kimaki runs on ${config.dataDir} (port ${config.lockPort} is taken). Stop it first, or use another --data-dir.`,
    )
  try {
    const log = createLog(config.dataDir, [token])
    const ended = Promise.withResolvers<number>()
    const onFatal = (fatal: ChatFatal): void => ended.resolve(refuse(fatal.message, fatal.hint))
    const composed = await compose(config, { token, log, onFatal, decorate })
    if (composed instanceof Error) return refuse(composed.message)
    link.composed = composed
    void signals.first.then((signal) => {
      log.info('stopping', { signal })
      ended.resolve(0)
    })
    if (!signals.came) void start(composed, log, onFatal).then((code) => code !== undefined && ended.resolve(code))
    const code = await ended.promise
    setTimeout(() => process.exit(code), STOP_LIMIT_MS).unref()
    await composed.bot.stop()
    return code
  } finally {
    await control.close()
  }
}

/** From the beginning to the end: a second signal (a launcher passes Ctrl-C on) must not cut short what the first has begun. */
function listenForSignals(): { readonly first: Promise<string>; readonly came: boolean } {
  const first = Promise.withResolvers<string>()
  let came = false
  const onSignal = (signal: string): void => {
    came = true
    first.resolve(signal)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  // Whoever read along may have gone: that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return {
    first: first.promise,
    get came() {
      return came
    },
  }
}

/** The exit code when it cannot run at all. */
async function start(composed: Composed, log: Log, onFatal: (fatal: ChatFatal) => void): Promise<number | undefined> {
  try {
    const ready = await composed.bot.start()
    if (ready.kind === 'fatal') onFatal(ready)
    else greet(ready, composed)
    return undefined
  } catch (error) {
    log.error('kimaki could not start', { error: error instanceof Error ? error.stack : String(error) })
    return EXIT_FAILURE
  }
}

function greet(ready: { readonly applicationId: string; readonly guildIds: readonly string[] }, { projects }: Composed): void {
  tell({ type: 'ready', app_id: ready.applicationId, guild_ids: ready.guildIds })
  const linked = projects.all()
  say(`kimaki is connected: ${ready.guildIds.length} server(s), ${linked.length} project(s). Ctrl-C stops it.`)
  if (linked.length === 0)
    say('Link a folder to a channel: kimaki project link <folder> --channel <channel id> --guild <server id>')
}

function refuse(...sentences: readonly string[]): number {
  const message = sentences.join(' ')
  process.stderr.write(`kimaki: ${message}\n`)
  tell({ type: 'error', message })
  return EXIT_USAGE
}
