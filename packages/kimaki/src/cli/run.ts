/** `kimaki`: runs the bot until it is told to stop. */
import { mkdirSync } from 'node:fs'
import { listenForControl, type Control } from '../app/control/server.ts'
import { createLog } from '../host/log.ts'
import type { ChatFatal } from '../ports/chat.ts'
import { compose, type Composed, type Decorations } from './compose.ts'
import type { Config } from './config.ts'
import { controlRoutes } from './control-routes.ts'
import { controlToken } from './control-token.ts'
import { say, tell } from './lifecycle.ts'

/** sysexits: wrong use or set-up; starting again without a change is of no use. */
const EXIT_USAGE = 64
/** Whatever does not end by itself is not waited for longer than this. */
const STOP_LIMIT_MS = 5000

/** Resolves with the exit code once everything has ended. */
export async function run(config: Config, decorate?: Decorations): Promise<number> {
  if (config.token === undefined)
    return refuse(
      'KIMAKI_BOT_TOKEN is not set. Create a bot at https://discord.com/developers/applications, copy its token and set it.',
    )
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const ended = Promise.withResolvers<number>()
  const onFatal = (fatal: ChatFatal): void => ended.resolve(refuse(fatal.message, fatal.hint))
  const link = { composed: undefined as Composed | undefined }
  const control = await listenForControl(config.lockPort, controlToken(config.dataDir), controlRoutes(link))
  if (!control)
    return refuse(
      `another kimaki runs on ${config.dataDir} (port ${config.lockPort} is taken). Stop it first, or use another --data-dir.`,
    )
  const log = createLog(config.dataDir, [config.token])
  const composed = await compose(config, { token: config.token, log, onFatal, decorate })
  if (composed instanceof Error) {
    await control.close()
    return refuse(composed.message)
  }
  link.composed = composed
  const onSignal = (signal: string): void => {
    log.info('stopping', { signal })
    ended.resolve(0)
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const ready = await Promise.race([composed.bot.start(), ended.promise])
  if (typeof ready === 'object' && ready.kind === 'fatal') onFatal(ready)
  else if (typeof ready === 'object') greet(ready, composed)
  const code = await ended.promise
  await stop(composed, control)
  return code
}

function greet(ready: { readonly applicationId: string; readonly guildIds: readonly string[] }, { projects }: Composed): void {
  tell({ type: 'ready', app_id: ready.applicationId, guild_ids: ready.guildIds })
  const linked = projects.all()
  say(`kimaki is connected: ${ready.guildIds.length} server(s), ${linked.length} project(s). Ctrl-C stops it.`)
  if (linked.length === 0)
    say('Link a folder to a channel: kimaki project link <folder> --channel <channel id> --guild <server id>')
}

async function stop({ bot }: Composed, control: Control): Promise<void> {
  setTimeout(() => process.exit(), STOP_LIMIT_MS).unref()
  await bot.stop()
  await control.close()
}

function refuse(...sentences: readonly string[]): number {
  const message = sentences.join(' ')
  process.stderr.write(`kimaki: ${message}\n`)
  tell({ type: 'error', message })
  return EXIT_USAGE
}
