/**
 * Keeps one gateway session alive, over one connection after the other. It owns the session's position in memory and the connection;
 * the durable position is the caller's, who commits it with what the dispatch carried.
 *
 *     address ─▶ connection ─end─▶ pause ─▶ address ...        a fatal close code or `stop` leads out
 *
 * S1. There is at most one connection: the next one is opened only when the socket of the last one is gone.
 * S2. A connection begins with a RESUME as long as the session may have survived, else with an IDENTIFY. A session that has left two
 *     RESUMEs unanswered is given up.
 * S3. The pause between two connections grows from 0.5 s to 30 s, and starts over only after a connection that lived for a minute: a
 *     gateway that closes at once is not hammered.
 * S4. A connection for an IDENTIFY is opened only when the identify budget has room: Discord does not keep a silent line for long.
 * S5. Fatal is told once, and never after `stop`. `stop` resolves when the socket is gone.
 * S6. The bot connects only to what `isGateway` allows, wherever an address comes from.
 * S7. A session that delivers nothing (`delivery-watch.ts`) is given up for a new one.
 */
import { GatewayDispatchEvents } from 'discord-api-types/v10'
import { backoffMs } from '../../base/backoff.ts'
import { isAbortError } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type { ChatFatal, GatewayPosition, Line } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { gatewayAddress } from '../wire/answer.ts'
import type { Arrival } from '../wire/dispatch.ts'
import { DISCORD_GATEWAY, type IsGateway } from './address.ts'
import { openConnection, type Connection, type ConnectionEnd } from './connection.ts'
import type { DeliveryWatch } from './delivery-watch.ts'
import { fatalClose } from './fatal.ts'
import type { Peer } from './peer.ts'
import type { IdentifyBudget } from './identify-budget.ts'
import { ResumeWatchdog } from './resume-watchdog.ts'
import type { RetryForever } from './retry-forever.ts'

export interface GatewayClientOptions {
  readonly token: string
  readonly log: Log
  readonly retryForever: RetryForever
  readonly budget: IdentifyBudget
  /** May the bot say its token there? */
  readonly isGateway: IsGateway
  /** Where to resume; undefined: a new session. */
  readonly position: GatewayPosition | undefined
  /** `replayed`: it comes before the answer to a RESUME, which ends what was missed (Discord docs: Gateway > Resumed). */
  readonly onDispatch: (dispatch: Arrival, position: GatewayPosition, replayed: boolean) => void
  readonly onFatal: (fatal: ChatFatal) => void
  readonly peer?: Peer | undefined
  /** Is told when a session has begun or goes on, what it says, and when its line ends. */
  readonly watch?: Pick<DeliveryWatch, 'connected' | 'onDispatch' | 'disconnected'>
  /** How long a RESUME may stay without answer, ms. */
  readonly resumeTimeoutMs?: number
  /** Milliseconds before the next connection, after so many failures in a row. */
  readonly pauseAfter?: (failures: number) => number
  readonly connect?: typeof openConnection
}

const RESUME_TIMEOUT_MS = 15_000
const MIN_UPTIME_MS = 60_000
/** A resume address that fails this often is left for the general one; a RESUME that stays unanswered this often is given up. */
const TRIES = 2

export class GatewayClient {
  readonly #options: GatewayClientOptions
  readonly #stop = new AbortController()
  #session: GatewayPosition | undefined
  #connection: Connection | undefined
  /** Connections in a row that did not live long. */
  #failures = 0
  /** RESUMEs in a row without an answer. */
  #unanswered = 0
  /** The session is of no use, though it could be resumed. */
  #isGivenUp = false
  #hasWarned = false
  /** No session is connected: why, and since when. */
  #down: { readonly reason: string; readonly since: number } | undefined = {
    reason: 'it is being connected',
    since: performance.now(),
  }
  #running: Promise<void> | undefined

  constructor(options: GatewayClientOptions) {
    this.#options = options
    this.#session = options.position
  }

  line(): Line {
    if (!this.#down) return { kind: 'up' }
    const { reason, since } = this.#down
    return { kind: 'down', reason, forMs: performance.now() - since }
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Closes so that the session can be resumed. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#connection?.end('stopping')
    await this.#running
  }

  /** Begins a new session on a new connection. */
  renew(reason: string): void {
    this.#isGivenUp = true
    void this.#connection?.end(reason)
  }

  async #run(): Promise<void> {
    try {
      const fatal = await this.#untilFatal()
      if (!this.#stop.signal.aborted) this.#options.onFatal(fatal)
    } catch (error) {
      if (!isAbortError(error)) throw error
    }
  }

  async #untilFatal(): Promise<ChatFatal> {
    const { log, budget, peer, pauseAfter = pause } = this.#options
    const { signal } = this.#stop
    for (;;) {
      if (!this.#session) await budget.ready(signal)
      const url = await this.#address()
      if (typeof url !== 'string') return url
      signal.throwIfAborted()
      const openedAt = performance.now()
      const end = await this.#connectTo(url)
      this.#down = { reason: reasonOf(end), since: this.#down?.since ?? performance.now() }
      await this.#connection?.end('closed')
      signal.throwIfAborted()
      const fatal = fatalClose(end.code, peer)
      if (fatal) return fatal
      if (!end.resumable || this.#unanswered >= TRIES || this.#isGivenUp) this.#session = undefined
      this.#isGivenUp = false
      this.#failures = performance.now() - openedAt > MIN_UPTIME_MS ? 0 : this.#failures + 1
      log.info('gateway connection ended', { reason: end.reason, code: end.code, next: this.#session ? 'resume' : 'identify' })
      await sleep(pauseAfter(this.#failures), signal)
    }
  }

  async #address(): Promise<string | ChatFatal> {
    const { resumeUrl = '' } = this.#session ?? {}
    if (this.#failures < TRIES && resumeUrl !== '' && this.#isGateway(resumeUrl)) return resumeUrl
    const info = await this.#options.retryForever('/gateway/bot', gatewayAddress)
    if ('kind' in info) return info
    return this.#isGateway(info.url) ? info.url : DISCORD_GATEWAY
  }

  #isGateway(address: string): boolean {
    const isOne = this.#options.isGateway(address)
    if (!isOne && !this.#hasWarned) {
      this.#hasWarned = true
      this.#options.log.warn(FOREIGN, { address })
    }
    return isOne
  }

  #connectTo(url: string): Promise<ConnectionEnd> {
    const { token, budget, watch, connect = openConnection, resumeTimeoutMs = RESUME_TIMEOUT_MS } = this.#options
    const resume = this.#session
    const onSilence = (): void => {
      this.#unanswered += 1
      void this.#connection?.end('the RESUME was not answered')
    }
    const watchdog = new ResumeWatchdog(onSilence, resumeTimeoutMs)
    let isReplay = resume !== undefined
    return new Promise((resolve) => {
      this.#connection = connect({
        url,
        token,
        resume,
        mayIdentify: (signal) => budget.take(signal),
        onHello: () => resume && watchdog.start(),
        onDispatch: (dispatch, position) => {
          watchdog.alive()
          if (isAnswer(dispatch)) {
            watchdog.stop()
            isReplay = false
            this.#onAnswer(dispatch)
            watch?.connected()
          }
          watch?.onDispatch(dispatch)
          this.#session = position
          this.#options.onDispatch(dispatch, position, isReplay)
        },
        onEnd(end) {
          watchdog.stop()
          watch?.disconnected()
          resolve(end)
        },
      })
    })
  }

  #onAnswer({ t: answer }: Arrival): void {
    this.#unanswered = 0
    this.#down = undefined
    this.#options.log.info(answer === READY ? 'new gateway session' : 'gateway session resumed')
  }
}

const reasonOf = ({ reason, code }: ConnectionEnd): string => (code === undefined ? reason : `${reason} (${code})`)

const FOREIGN =
  "an address of the gateway is not Discord's, so the bot does not connect to it; is somebody between this machine and Discord?"

/** To an IDENTIFY, or to a RESUME. */
const isAnswer = ({ t: name }: Arrival): boolean => name === READY || name === RESUMED

const READY: string = GatewayDispatchEvents.Ready
const RESUMED: string = GatewayDispatchEvents.Resumed

/** With a quarter of jitter either way, so that many bots do not come back in one moment. */
const pause = (failures: number): number =>
  backoffMs({ firstMs: 250, longestMs: 30_000 }, failures + 1) * (0.75 + Math.random() * 0.5)
