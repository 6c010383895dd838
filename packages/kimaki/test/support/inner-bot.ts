/**
 * The real bot inside the process of the test: the same composition, adapters, database file, control socket, emulator and OpenCode, but
 * no start of a Node process and no code that is cold, which take 0.6 s of CPU time. It can be abandoned as `kill -9` would leave it:
 *
 * I1. From `kill()` on nothing of it reaches the database, Discord, OpenCode or a shell any more, and it hears of nothing.
 * I2. A call that was under way when it was killed may have happened; nobody of this bot is told.
 *
 * What only a process has is not there: the lock, the wrapper, the exit code, signals. Tests of these start a process.
 */
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serveControl, type Listener } from '../../src/app/control/server.ts'
import { secretsOf } from '../../src/base/known-secrets.ts'
import { Secrets } from '../../src/base/redact.ts'
import type { BotHandle } from '../../src/cli/command.ts'
import { controlRoutes } from '../../src/cli/commands/routes.ts'
import { compose, type Composed, type Decorations } from '../../src/cli/compose.ts'
import { readConfig, type Config } from '../../src/cli/config.ts'
import { AgentLinks } from '../../src/cli/control/agent-links.ts'
import { socketIn } from '../../src/cli/control/socket.ts'
import type { Settings } from '../../src/domain/settings.ts'
import type { Log } from '../../src/ports/host.ts'
import type { Harness } from './harness.ts'

export interface InnerBot {
  /** As it would be written to stderr. */
  said(): string
  readonly running: boolean
  /** Returns at once; `gone` tells. */
  kill(): void
  /** In order, as SIGTERM would end it, with its OpenCode servers; resolves when it is gone. */
  stop(): Promise<void>
  /** Its sockets are closed. */
  readonly gone: Promise<void>
}

export interface InnerBotOptions {
  /** As with `--opencode-servers`: one for all unless told otherwise; empty for what is usual. */
  readonly servers?: string
  readonly env?: Readonly<Record<string, string>>
  /** What the environment counts in minutes, in less. */
  readonly settings?: Partial<Settings>
  readonly decorate?: (config: Config, of: Innards) => Decorations
}

export interface Innards {
  /** Abandons the bot in the middle of a call and never returns to it. */
  readonly die: () => Promise<never>
  readonly log: Log
}

const never = (): Promise<never> => new Promise<never>(() => undefined)

/** Resolves once it is ready. */
export async function startInnerBot(harness: Harness, options: InnerBotOptions = {}): Promise<InnerBot> {
  const bot = beginInnerBot(harness, options)
  await bot.ready
  return bot
}

/** `ready` may never come. */
export function beginInnerBot(
  harness: Harness,
  { env = {}, servers = '1', settings, decorate }: InnerBotOptions = {},
): InnerBot & { readonly ready: Promise<void> } {
  const lines: string[] = []
  const life = new AbortController()
  const made: (() => Promise<unknown>)[] = []
  const gone = Promise.withResolvers<unknown>()
  const said = (): string => lines.join('\n')
  let hasStopped = false
  const kill = (): void => life.abort()
  const die = (): Promise<never> => {
    kill()
    return never()
  }
  const read = readConfig({ opencodeServers: servers }, { ...harness.env, ...env })
  if (read instanceof Error) throw read
  const config: Config = { ...read, settings: { ...read.settings, ...settings } }
  const log = logInto(lines, join(config.dataDir, 'kimaki.log'), life.signal)
  const begun = run(config, {
    lines,
    log,
    life: life.signal,
    kill,
    decorate: decorate?.(config, { die, log }) ?? {},
    made,
  })
  // Killed while it is composed, or by a fault of its own, it is gone as well.
  const leave = async (): Promise<unknown> =>
    Promise.race([
      begun.then(async ({ composed }) => abandon(composed, made, hasStopped)),
      sleep(HUNG_MS, undefined, { ref: false }),
    ])
  onceAborted(life.signal, () => void leave().then(gone.resolve, gone.resolve))
  const ready = begun.then(({ started }) => started)
  ready.catch(kill)
  const bot = {
    said,
    ready,
    gone: gone.promise.then(() => undefined),
    kill,
    async stop() {
      const { composed } = await begun
      await composed.bot.stop('end')
      hasStopped = true
      kill()
      await gone.promise
    },
    get running() {
      return !life.signal.aborted
    },
  }
  harness.inner(bot)
  return bot
}

interface Life {
  readonly lines: string[]
  readonly log: Log
  readonly life: AbortSignal
  readonly kill: () => void
  readonly decorate: Decorations
  /** How to close each adapter. */
  readonly made: (() => Promise<unknown>)[]
}

interface Begun {
  readonly composed: Composed
  readonly started: Promise<void>
}

async function run(config: Config, { lines, log, life, kill, decorate, made }: Life): Promise<Begun> {
  const { token = '', dataDir } = config
  const composed = await compose(config, {
    token,
    log,
    secrets: new Secrets([token, ...secretsOf(config.environment)]),
    onFatal({ message, fix }) {
      lines.push(`kimaki: ${message} ${fix}`)
      kill()
    },
    onDamage(error) {
      lines.push(`kimaki: ${error.message}`)
      kill()
    },
    decorate: mortal(decorate, life, made),
  })
  if (composed instanceof Error) throw composed
  const links = new AgentLinks(dataDir)
  const control = await serve(dataDir, { composed, links, standDown: kill, restart: () => undefined })
  made.push(async () => control.close())
  made.push(async () => composed.kept.close())
  links.publish(composed.projects.all().map(({ directory }) => directory))
  const started = composed.bot.start().then((outcome) => {
    if (outcome.kind !== 'ready' && !life.aborted) throw new Error(`the bot did not start: ${JSON.stringify(outcome)}`)
  })
  return { composed, started }
}

/** The socket of a bot that was killed is still in the folder. */
async function serve(dataDir: string, handle: BotHandle): Promise<Listener> {
  rmSync(socketIn(dataDir), { force: true })
  const listener = await serveControl(socketIn(dataDir), controlRoutes(handle))
  if (listener instanceof Error) throw listener
  return listener
}

/** Its sockets close, as the system closes those of a process; the rest of its stop runs into I1. */
async function abandon({ bot }: Composed, made: readonly (() => Promise<unknown>)[], hasStopped: boolean): Promise<void> {
  if (!hasStopped) void bot.stop('leave').catch(() => undefined)
  await Promise.all(made.map(async (stop) => stop()))
}

/** An adapter that lacks a safeguard may never end; a process would be gone all the same. */
const HUNG_MS = 1000

function onceAborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then()
  else signal.addEventListener('abort', then, { once: true })
}

/** Calls by which something happens outside. */
const ACTING: ReadonlySet<string> = new Set(
  [
    'commit linkProject close',
    'post edit openThread startThread download acknowledge refuse showModal followUp defer reply',
    'openSession fork prompt recall abort allow reject answer',
    'run stopAll transcribe',
  ].flatMap((names) => names.split(' ')),
)

/** The decorated ports, cut off from the world once `life` has ended. */
function mortal(inner: Decorations, life: AbortSignal, made: (() => Promise<unknown>)[]): Decorations {
  const cutOff = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function' || !ACTING.has(String(name))) return value
        return (...args: readonly unknown[]): unknown => {
          const result: unknown = life.aborted ? never() : Reflect.apply(value, target, args)
          // I2: what comes back to the dead stays unheard.
          return result instanceof Promise ? result.then(async (answer: unknown) => (life.aborted ? never() : answer)) : result
        }
      },
    })
  const decorate = <Port extends object>(change: ((port: Port) => Port) | undefined, port: Port): Port =>
    cutOff(change?.(port) ?? port)
  return {
    ...(inner.clock && { clock: inner.clock }),
    store: (store) => decorate(inner.store, store),
    shell: (shell) => decorate(inner.shell, shell),
    transcriber: (transcriber) => decorate(inner.transcriber, transcriber),
    chat(chat) {
      const changed = inner.chat?.(chat) ?? chat
      made.push(async () => changed.stop())
      return cutOff({
        ...changed,
        start: async (options) =>
          changed.start({ ...options, onEvent: (event) => (life.aborted ? undefined : options.onEvent(event)) }),
      })
    },
    agent(agent) {
      const changed = inner.agent?.(agent) ?? agent
      made.push(async () => changed.stop('leave'))
      return cutOff(changed)
    },
  }
}

/** `file`: where tests look for the servers of any bot; the dead write nothing there. */
function logInto(lines: string[], file: string, life: AbortSignal): Log {
  const write = (line: string, facts?: Readonly<Record<string, unknown>>): void => {
    lines.push(`${line} ${JSON.stringify(facts ?? {})}`)
    if (!life.aborted) appendFileSync(file, `${JSON.stringify({ msg: line, ...facts })}\n`)
  }
  return { debug: () => undefined, info: write, warn: write, error: write }
}
