/**
 * Keeps the gateway connected to Discord, one connection after the other. The position is the store's: a new connection resumes from what
 * was stored, never from what was only heard.
 */
import type { Log } from '../base/log.ts'
import type { Fields } from '../base/shape.ts'
import type { Dispatch, Position } from '../ports/store.ts'
import type { Shard } from './shard.ts'
import { UpstreamConnection, type ConnectionEnd } from './connection.ts'

export interface LineOptions {
  readonly token: string
  readonly intents: number
  readonly shard: Shard
  readonly log: Log
  /** The address of Discord's gateway; undefined: no answer. */
  readonly address: () => Promise<string | undefined>
  /** Resolves when Discord takes one more IDENTIFY. */
  readonly beforeIdentify: () => Promise<void>
  /** What the store has; undefined: nothing, or it is away. */
  readonly stored: () => Position | undefined
  readonly onDispatch: (dispatch: Dispatch, position: Position, isReplay: boolean) => void
  readonly onFatal: (reason: string) => void
}

const LONGEST_PAUSE_MS = 30_000
/** Before an IDENTIFY: Discord allows 1,000 a day, and resets the token of whoever needs more (docs: Gateway > Identify). */
const LONGEST_IDENTIFY_PAUSE_MS = 120_000
/** A connection that ends sooner counts as a failure. */
const MIN_UPTIME_MS = 60_000
/** No retry helps (Discord docs: Gateway Close Event Codes, reconnect = false). */
const FATAL: Readonly<Record<number, string>> = {
  4004: 'Discord does not accept the bot token. Copy it again from the developer portal.',
  4010: 'Discord refuses the shard.',
  4011: 'The bot is in so many servers that Discord asks for more shards than it did. Start the gateway again.',
  4012: 'Discord has retired version 10 of its gateway. Update the gateway.',
  4013: 'Discord does not know the intents that are asked for. Check KIMAKI_GATEWAY_INTENTS.',
  4014: 'The bot may not read messages. Turn on "Message Content Intent" in the developer portal.',
}

export class Line {
  readonly #options: LineOptions
  readonly #stop = new AbortController()
  #connection: UpstreamConnection | undefined
  #isSessionLost = false
  #failures = 0
  #running: Promise<void> | undefined

  constructor(options: LineOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#connection?.isLive === true
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Ends the connection; the next one resumes from what is stored. */
  restart(reason: string): void {
    void this.#connection?.end(reason)
  }

  send(op: number, data: Fields): void {
    this.#connection?.send(op, data)
  }

  /** Resolves when the socket is gone; the session can be resumed. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#connection?.end('stopping')
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const startedAt = performance.now()
      const end = await this.#connectOnce()
      if (this.#stop.signal.aborted) return
      const fatal = FATAL[end?.code ?? 0]
      if (fatal !== undefined) return this.#options.onFatal(fatal)
      if (end !== undefined) {
        this.#options.log.info('the connection to Discord ended', { reason: end.reason, code: end.code })
        this.#isSessionLost = !end.isResumable
      }
      const lived = end?.wasLive === true && performance.now() - startedAt > MIN_UPTIME_MS
      this.#failures = lived ? 0 : this.#failures + 1
      const mayResume = !this.#isSessionLost && this.#options.stored() !== undefined
      const longest = mayResume ? LONGEST_PAUSE_MS : LONGEST_IDENTIFY_PAUSE_MS
      await pause(pauseAfter(this.#failures, longest), this.#stop.signal)
    }
  }

  async #connectOnce(): Promise<ConnectionEnd | undefined> {
    const { address, stored, token, intents, shard, onDispatch, beforeIdentify } = this.#options
    const resume = this.#isSessionLost ? undefined : stored()
    const url = resume !== undefined && this.#failures < 2 && resume.resumeUrl !== '' ? resume.resumeUrl : await address()
    if (url !== undefined && resume === undefined) await beforeIdentify()
    if (url === undefined || this.#stop.signal.aborted) return undefined
    return new Promise((resolve) => {
      this.#connection = new UpstreamConnection({
        url,
        token,
        intents,
        shard,
        resume,
        onDispatch,
        stored: () => stored()?.sequence,
        onEnd: resolve,
      })
    })
  }
}

/** From 0.25 s on, doubled with each failure, with a quarter of chance. */
const pauseAfter = (failures: number, longest: number): number =>
  Math.min(longest, 250 * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() * 0.5)

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
