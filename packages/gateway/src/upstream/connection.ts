/**
 * One connection to Discord's gateway (Discord docs: Gateway > Connection Lifecycle), from its opening to its one end.
 *
 *     opening ─HELLO─▶ RESUME or IDENTIFY sent ─RESUMED or READY─▶ live
 *        └──────────────────┴────────────────────────────────────────┴──▶ ended, told once
 *
 * Silence ends it: no HELLO or no answer within 20 s, no acknowledgement from one heartbeat to the next. A heartbeat acknowledges only
 * what the store has: Discord may forget the rest.
 */
import { GatewayOpcodes as Op } from 'discord-api-types/v10'
import { WebSocket, type RawData } from 'ws'
import { fieldsOf, isFields, parseJson, textOf, type Fields } from '../base/shape.ts'
import type { Dispatch, Position } from '../ports/store.ts'
import type { Shard } from './shard.ts'

export interface ConnectionOptions {
  readonly url: string
  readonly token: string
  readonly intents: number
  readonly shard: Shard
  /** RESUME from here; undefined: IDENTIFY. */
  readonly resume: Position | undefined
  /** `isReplay`: it comes before the answer to a RESUME, so it is not of now. */
  readonly onDispatch: (dispatch: Dispatch, position: Position, isReplay: boolean) => void
  /** The sequence that the store has. */
  readonly stored: () => number | undefined
  readonly onEnd: (end: ConnectionEnd) => void
}

export interface ConnectionEnd {
  readonly reason: string
  readonly code: number | undefined
  /** May the session be resumed on the next connection? */
  readonly isResumable: boolean
  readonly wasLive: boolean
}

const SILENCE_MS = 20_000
const CLOSE_MS = 1000
/** Any code but 1000 and 1001 keeps the session (Discord docs: Gateway > Initiating a Disconnect). */
const RESUMABLE_CLOSE = 4200
/** After these the session is gone (Discord docs: Gateway Close Event Codes). */
const NEW_SESSION: readonly number[] = [1000, 1001, 4003, 4004, 4005, 4007, 4009, 4010, 4011, 4012, 4013, 4014]

export class UpstreamConnection {
  readonly #options: ConnectionOptions
  readonly #socket: WebSocket
  #timers: NodeJS.Timeout[] = []
  #state: 'opening' | 'asked' | 'live' | 'ended' = 'opening'
  #position: Position
  #isAcknowledged = true

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#position = options.resume ?? { sessionId: '', resumeUrl: '', sequence: 0 }
    const url = new URL(options.url)
    url.searchParams.set('v', '10')
    url.searchParams.set('encoding', 'json')
    this.#socket = new WebSocket(url, { handshakeTimeout: 10_000 })
    this.#socket.on('message', (data) => this.#onMessage(data))
    this.#socket.on('close', (code) => this.#finish({ reason: 'closed', code, isResumable: !NEW_SESSION.includes(code) }))
    // What went wrong arrives as a close, too; without a listener the emitter would throw.
    this.#socket.on('error', () => undefined)
    this.#timers.push(setTimeout(() => void (this.#state !== 'live' && this.end('silence')), SILENCE_MS))
  }

  get isLive(): boolean {
    return this.#state === 'live'
  }

  /** Ends it so that the session can be resumed; resolves when the socket is gone. */
  async end(reason: string, isResumable = true): Promise<void> {
    this.#finish({ reason, code: undefined, isResumable })
    if (this.#socket.readyState === WebSocket.CLOSED) return
    const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()))
    this.#socket.close(RESUMABLE_CLOSE)
    const kill = setTimeout(() => this.#socket.terminate(), CLOSE_MS)
    await closed
    clearTimeout(kill)
  }

  /** Passes on what a client asks (op 4, op 8). */
  send(op: number, data: Fields): void {
    if (this.#state === 'live') this.#write(op, data)
  }

  #onMessage(raw: RawData): void {
    // `ws` hands over a Buffer as long as nobody sets `binaryType`.
    const frame = parseJson((raw as Buffer).toString())
    if (!isFields(frame) || this.#state === 'ended') return
    switch (frame.op) {
      case Op.Hello:
        return this.#greet(Number(fieldsOf(frame.d).heartbeat_interval) || 41_250)
      case Op.Heartbeat:
        return this.#beat()
      case Op.HeartbeatAck:
        this.#isAcknowledged = true
        return
      case Op.Reconnect:
        return void this.end('Discord asks to reconnect')
      case Op.InvalidSession:
        return void this.end('invalid session', frame.d === true)
      case Op.Dispatch:
        return this.#onDispatch({ name: textOf(frame.t), data: fieldsOf(frame.d) }, Number(frame.s))
      default:
    }
  }

  #greet(interval: number): void {
    if (this.#state !== 'opening') return
    this.#state = 'asked'
    const { resume, token, intents, shard } = this.#options
    const properties = { os: process.platform, browser: 'kimaki-gateway', device: 'kimaki-gateway' }
    if (resume) this.#write(Op.Resume, { token, session_id: resume.sessionId, seq: resume.sequence })
    else this.#write(Op.Identify, { token, intents, shard, properties })
    this.#timers.push(setTimeout(() => this.#beat(), interval * Math.random()))
    this.#timers.push(setInterval(() => this.#beatInTurn(), interval))
  }

  #beatInTurn(): void {
    if (!this.#isAcknowledged) return void this.end('no acknowledgement of a heartbeat')
    this.#isAcknowledged = false
    this.#beat()
  }

  #beat(): void {
    if (this.#state !== 'ended') this.#write(Op.Heartbeat, this.#options.stored() ?? null)
  }

  #onDispatch(dispatch: Dispatch, sequence: number): void {
    const { name, data } = dispatch
    if (name === 'READY') {
      this.#position = { sessionId: textOf(data.session_id), resumeUrl: textOf(data.resume_gateway_url), sequence }
    }
    if (name === 'READY' || name === 'RESUMED') this.#state = 'live'
    if (Number.isSafeInteger(sequence)) this.#position = { ...this.#position, sequence }
    this.#options.onDispatch(dispatch, this.#position, this.#state !== 'live')
  }

  #write(op: number, d: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ op, d }))
  }

  #finish(end: Omit<ConnectionEnd, 'wasLive'>): void {
    if (this.#state === 'ended') return
    const wasLive = this.#state === 'live'
    this.#state = 'ended'
    for (const timer of this.#timers) clearInterval(timer)
    this.#timers = []
    this.#options.onEnd({ ...end, wasLive })
  }
}
