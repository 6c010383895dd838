/**
 * One running server process, started now or by an earlier bot: its calls, its end, and the news that it has ended. OpenCode handles no
 * signal, so it is asked to dispose (which ends runs and their shells) before it is signalled; what of its open tool calls lives on is ended
 * after it.
 */
import { once } from 'node:events'
import { withDeadline } from '../../base/sleep.ts'
import type { ServerRecord } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import { HttpClient } from '../wire/http.ts'
import type { Http } from '../wire/http.ts'
import { endLeftRunning, processKey } from './left-running.ts'
import { ownsPort } from './listening.ts'
import { childrenOf, gone, identify, signalGroup, sweepGroup } from './process.ts'

const NEVER = new AbortController().signal
/** Elsewhere a look is a process of its own. */
const LOOK_MS = process.platform === 'linux' ? 1_000 : 10_000
const DISPOSE_MS = 2_000
const TERM_MS = 500
const KILL_MS = 2_000
const COLLECT_MS = 1_000

export interface LiveServer {
  readonly record: ServerRecord
  /** An earlier bot started it: nobody knows which configuration it has read. */
  readonly adopted: boolean
  /** Monotonic (`performance.now()`). */
  readonly startedAt: number
  readonly http: Http
  /** Aborts when the process is no more. */
  readonly gone: AbortSignal
  /** It was seen that the process listens on its port: only from now on anything is sent there. */
  proven(): void
  /** Looks whether the process still lives, and at its children: an adopted process tells nobody when it dies. */
  check(): void
  /** Dispose, TERM, KILL; resolves when the process is gone, and what its open tool calls left running. `unasked`: without dispose, for one that is not to hear the password. */
  end(how?: 'unasked'): Promise<void>
  /** Closes our sockets and stops watching; the process goes on. */
  leave(): void
}

export interface WatchOptions {
  readonly log: Log
  readonly stopped: AbortSignal
  /** The exit of a child of ours; without it the process is looked at every second. */
  readonly exited?: AbortSignal
}

export function watchServer(record: ServerRecord, options: WatchOptions): LiveServer {
  const server = new WatchedServer(record, options)
  server.watch()
  return server
}

class WatchedServer implements LiveServer {
  readonly record: ServerRecord
  readonly startedAt = performance.now()
  readonly http: Http
  readonly #log: Log
  readonly #exited: AbortSignal | undefined
  readonly #gone = new AbortController()
  /** Still works when the agent has stopped: it asks the server to dispose. */
  readonly #shutdownClient: Http
  readonly #onGone = (): void => this.#markGone()
  #timer: NodeJS.Timeout | undefined
  #isProven = false
  /** Seen at the last look: the shells of open tool calls are among them. */
  #children: ReadonlySet<string> | undefined
  #ending: Promise<void> | undefined

  constructor(record: ServerRecord, { log, stopped, exited }: WatchOptions) {
    this.record = record
    const listener = { isProven: () => this.#isProven, isAlive: () => this.#lives() }
    this.http = new HttpClient(record, stopped, listener)
    this.#shutdownClient = new HttpClient(record, NEVER, listener)
    this.#log = log
    this.#exited = exited
  }

  get adopted(): boolean {
    return this.#exited === undefined
  }

  get gone(): AbortSignal {
    return this.#gone.signal
  }

  watch(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
    this.#timer.unref()
    if (this.#exited?.aborted) this.#markGone()
    else this.#exited?.addEventListener('abort', this.#onGone, { once: true })
  }

  proven(): void {
    this.#isProven = true
  }

  check(): void {
    this.#look()
    if (!this.#lives()) this.#markGone()
  }

  end(how?: 'unasked'): Promise<void> {
    return (this.#ending ??= this.#end(how))
  }

  leave(): void {
    this.#exited?.removeEventListener('abort', this.#onGone)
    clearInterval(this.#timer)
    this.http.close()
    this.#shutdownClient.close()
  }

  async #end(how?: 'unasked'): Promise<void> {
    const { pid, startTicks, port } = this.record
    if (!this.#isProven && this.#lives() && ownsPort(pid, port)) this.proven()
    if (how !== 'unasked' && this.#isProven && !this.gone.aborted) {
      await this.#shutdownClient.call({ method: 'POST', path: '/global/dispose', deadlineMs: DISPOSE_MS })
    }
    this.#shutdownClient.close()
    signalGroup(pid, startTicks, 'SIGTERM')
    if (!(await gone(pid, startTicks, TERM_MS))) {
      signalGroup(pid, startTicks, 'SIGKILL')
      if (!(await gone(pid, startTicks, KILL_MS))) this.#log.error('an OpenCode server does not end', { pid })
    }
    sweepGroup(pid)
    await endLeftRunning([{ record: this.record, children: this.#children }], this.#log)
    // A child of ours is gone for everybody only once Node has collected it.
    if (this.#exited && !this.#exited.aborted) await withDeadline(once(this.#exited, 'abort'), COLLECT_MS, NEVER)
    this.#markGone()
  }

  /** An adopted process tells nobody when it dies. */
  #look(): void {
    const children = new Set(childrenOf(this.record.pid).map(processKey))
    if (this.#lives()) this.#children = children
    else if (!this.#exited) this.#markGone()
  }

  #lives(): boolean {
    return identify(this.record.pid)?.startTicks === this.record.startTicks
  }

  #markGone(): void {
    clearInterval(this.#timer)
    this.#gone.abort()
    this.http.close()
  }
}
