/**
 * One gateway connection, from its opening to its one end (Discord docs: Gateway > Connection Lifecycle). It owns the socket and its
 * timers, and speaks the protocol; whether, when and where to connect again is for `client.ts`, which it tells of its end.
 *
 *     opening ─HELLO─▶ greeted ─RESUME or IDENTIFY sent─▶ asked ─RESUMED or READY─▶ live
 *        └────────────────┴────────────────────────────────┴────────────────────────┴──▶ ended
 *
 * C1. `onEnd` is called exactly once. After it nothing is handed up and nothing is sent.
 * C2. Nothing is sent before HELLO. Then one RESUME goes out, or one IDENTIFY as soon as the budget allows it, and heartbeats go out beside.
 * C3. Every dispatch is handed up in the order of the socket, with the position it moves the session to: that of the RESUME at first, of
 *     READY after it. One that cannot be read, or has no number, is handed up as well. Only a READY must be readable: it says who we are.
 * C4. Silence ends it: no HELLO within 15 s, no READY within 15 s of the IDENTIFY, no acknowledgement from one heartbeat to the next. (A
 *     RESUME without answer is `client.ts`'s to count.)
 *     A process that was stopped and goes on ends it as well, before it reads on: a RESUME tells what came meanwhile as such, so that
 *     nobody takes it for written just now.
 * C5. The session can be resumed after every end but these: Discord says so (op 9), closes with a code of `NEW_SESSION`, or does not
 *     answer an IDENTIFY. Before HELLO nothing binds the session to this socket, so no such end costs it.
 * C6. It closes with 4200, never 1000 or 1001, which would end the session, and destroys the socket after a second without an answer. All
 *     other timers end with one signal, in the moment of the end.
 */
import {
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  GatewayOpcodes,
  type GatewaySendPayload,
} from 'discord-api-types/v10'
import { WebSocket, type RawData } from 'ws'
import { isAbortError, Unreadable } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type { GatewayPosition } from '../../ports/chat.ts'
import { readDispatch, type Arrival } from '../wire/dispatch.ts'
import { hello, mayResume, parseFrame, type Frame } from '../wire/frame.ts'
import { Heartbeat } from './heartbeat.ts'

export interface ConnectionOptions {
  readonly url: string
  readonly token: string
  /** RESUME from here; undefined: IDENTIFY. */
  readonly resume: GatewayPosition | undefined
  /** Resolves when an IDENTIFY may be sent; rejects when the signal aborts. */
  readonly mayIdentify: (signal: AbortSignal) => Promise<void>
  readonly onHello: () => void
  readonly onDispatch: (dispatch: Arrival, position: GatewayPosition) => void
  readonly onEnd: (end: ConnectionEnd) => void
}

export interface ConnectionEnd {
  /** Close code of the other side, if it closed (1006: the line broke). */
  readonly code: number | undefined
  readonly reason: string
  /** May the session be resumed on the next connection? */
  readonly resumable: boolean
}

export interface Connection {
  /** Ends it for a reason of ours; resolves when the socket is gone, at most about a second later. */
  end(reason: string): Promise<void>
}

const INTENTS = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent
const HANDSHAKE_TIMEOUT_MS = 10_000
const HELLO_TIMEOUT_MS = 15_000
const READY_TIMEOUT_MS = 15_000
const CLOSE_TIMEOUT_MS = 1000
/** Not one of Discord's: any code but 1000 and 1001 keeps the session (Discord docs: Gateway > Initiating a Disconnect). */
const RESUMABLE_CLOSE = 4200

/** Close codes after which the session is gone (Discord docs: Opcodes and Status Codes > Gateway Close Event Codes). */
const NEW_SESSION: readonly number[] = [
  1000,
  GatewayCloseCodes.NotAuthenticated,
  GatewayCloseCodes.AuthenticationFailed,
  GatewayCloseCodes.AlreadyAuthenticated,
  GatewayCloseCodes.InvalidSeq,
  GatewayCloseCodes.RateLimited,
  GatewayCloseCodes.InvalidShard,
  GatewayCloseCodes.ShardingRequired,
  GatewayCloseCodes.InvalidAPIVersion,
  GatewayCloseCodes.InvalidIntents,
  GatewayCloseCodes.DisallowedIntents,
]

const READY: string = GatewayDispatchEvents.Ready

export function openConnection(options: ConnectionOptions): Connection {
  return new GatewayConnection(options)
}

type State = 'opening' | 'greeted' | 'asked' | 'live' | 'ended'

class GatewayConnection implements Connection {
  readonly #options: ConnectionOptions
  readonly #socket: WebSocket
  /** Aborts with the end: every timer and every wait hangs on it. */
  readonly #ended = new AbortController()
  /** Aborts when the socket is gone. */
  readonly #gone = new AbortController()
  #state: State = 'opening'
  #session: Pick<GatewayPosition, 'sessionId' | 'resumeUrl'> | undefined
  #sequence: number | null
  #heartbeat: Heartbeat | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#session = options.resume
    this.#sequence = options.resume?.sequence ?? null
    this.#socket = new WebSocket(withVersion(options.url), { handshakeTimeout: HANDSHAKE_TIMEOUT_MS })
    this.#socket.on('message', (data) => this.#onMessage(data))
    this.#socket.on('close', (code) => this.#onClose(code))
    // What went wrong arrives as a close, too; without a listener the emitter would throw.
    this.#socket.on('error', () => undefined)
    this.#untilEnd(this.#endIfStill('opening', HELLO_TIMEOUT_MS, { code: undefined, reason: 'no HELLO', resumable: true }))
  }

  async end(reason: string): Promise<void> {
    this.#end({ code: undefined, reason, resumable: true })
    if (this.#gone.signal.aborted) return
    await new Promise((resolve) => this.#gone.signal.addEventListener('abort', resolve, { once: true }))
  }

  #onMessage(data: RawData): void {
    // `ws` hands over a Buffer as long as nobody sets `binaryType`.
    const frame = parseFrame((data as Buffer).toString())
    if (!frame || this.#state === 'ended') return
    if (this.#heartbeat?.isOverdue) return this.#end({ code: undefined, reason: 'the process stood still', resumable: true })
    this.#handlers.get(frame.op)?.(frame)
  }

  /** By opcode: what the other side may say. */
  readonly #handlers: ReadonlyMap<number, (frame: Frame) => void> = new Map<number, (frame: Frame) => void>([
    [GatewayOpcodes.Hello, (frame) => this.#onHello(frame)],
    [GatewayOpcodes.Dispatch, (frame) => this.#dispatch(frame)],
    [GatewayOpcodes.Heartbeat, () => this.#heartbeat?.beat()],
    [GatewayOpcodes.HeartbeatAck, () => this.#heartbeat?.acknowledged()],
    [GatewayOpcodes.Reconnect, () => this.#end({ code: undefined, reason: 'Discord asks to reconnect', resumable: true })],
    [
      GatewayOpcodes.InvalidSession,
      ({ d }) => this.#end({ code: undefined, reason: 'invalid session', resumable: mayResume(d) === true }),
    ],
  ])

  #onHello({ d }: Frame): void {
    const said = hello(d)
    if (said instanceof Unreadable) return this.#unreadable('HELLO', said, true)
    this.#greet(said.heartbeat_interval)
  }

  #greet(intervalMs: number): void {
    if (this.#state !== 'opening') return
    this.#state = 'greeted'
    const send = (): void => this.#send({ op: GatewayOpcodes.Heartbeat, d: this.#sequence })
    this.#heartbeat = new Heartbeat({ intervalMs, send })
    this.#untilEnd(this.#watch(this.#heartbeat))
    this.#options.onHello()
    if (this.#options.resume) this.#resume(this.#options.resume)
    else this.#untilEnd(this.#identify())
  }

  async #watch(heartbeat: Heartbeat): Promise<void> {
    await heartbeat.untilDead(this.#ended.signal)
    this.#end({ code: undefined, reason: 'zombie connection: a heartbeat was not acknowledged', resumable: true })
  }

  #resume({ sessionId, sequence }: GatewayPosition): void {
    this.#state = 'asked'
    this.#send({ op: GatewayOpcodes.Resume, d: { token: this.#options.token, session_id: sessionId, seq: sequence } })
  }

  async #identify(): Promise<void> {
    await this.#options.mayIdentify(this.#ended.signal)
    this.#state = 'asked'
    const properties = { os: process.platform, browser: 'kimaki', device: 'kimaki' }
    this.#send({
      op: GatewayOpcodes.Identify,
      d: { token: this.#options.token, properties, intents: INTENTS, compress: false, shard: [0, 1] },
    })
    await this.#endIfStill('asked', READY_TIMEOUT_MS, { code: undefined, reason: 'no READY', resumable: false })
  }

  #dispatch({ t, d, s }: Frame): void {
    const sequence = s ?? this.#sequence ?? 0
    const dispatch = readDispatch(t, d)
    const { read } = dispatch
    if (read instanceof Unreadable && t === READY) return this.#unreadable('READY', read, false)
    this.#sequence = Math.max(this.#sequence ?? 0, sequence)
    if (read instanceof Unreadable || read === undefined) return this.#handUp(dispatch, sequence)
    if (read.t === 'READY') this.#session = { sessionId: read.d.session_id, resumeUrl: read.d.resume_gateway_url }
    if (read.t === 'READY' || read.t === 'RESUMED') this.#state = 'live'
    this.#handUp(dispatch, sequence)
  }

  #handUp(dispatch: Arrival, sequence: number): void {
    if (this.#session) this.#options.onDispatch(dispatch, { ...this.#session, sequence })
  }

  #unreadable(name: string, { message }: Unreadable, resumable: boolean): void {
    this.#end({ code: undefined, reason: `${name} cannot be read: ${message}`, resumable })
  }

  #onClose(code: number): void {
    this.#end({ code, reason: `closed with ${code}`, resumable: this.#state === 'opening' || !NEW_SESSION.includes(code) })
    this.#gone.abort()
  }

  #end(end: ConnectionEnd): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#ended.abort()
    this.#close()
    this.#options.onEnd(end)
  }

  /** A half-open line never answers the close, and a socket that is still connecting has nobody to answer it. */
  #close(): void {
    if (this.#socket.readyState === WebSocket.CONNECTING) return this.#socket.terminate()
    this.#socket.close(RESUMABLE_CLOSE)
    sleep(CLOSE_TIMEOUT_MS, this.#gone.signal).then(() => this.#socket.terminate(), ignoreAbort)
  }

  #send(payload: GatewaySendPayload): void {
    if (this.#state !== 'ended') this.#socket.send(JSON.stringify(payload))
  }

  async #endIfStill(state: State, afterMs: number, end: ConnectionEnd): Promise<void> {
    await sleep(afterMs, this.#ended.signal)
    if (this.#state === state) this.#end(end)
  }

  #untilEnd(work: Promise<void>): void {
    work.catch(ignoreAbort)
  }
}

function ignoreAbort(error: unknown): void {
  if (!isAbortError(error)) throw error
}

function withVersion(url: string): URL {
  const address = new URL(url)
  address.hash = ''
  address.searchParams.set('v', '10')
  address.searchParams.set('encoding', 'json')
  return address
}
