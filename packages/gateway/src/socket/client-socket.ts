/**
 * One socket of a client: the server's side of Discord's gateway (Discord docs: Gateway > Connection Lifecycle), for one client.
 *
 *     HELLO sent ─IDENTIFY or RESUME─▶ live ─▶ closed
 *
 * Whoever does not identify within 20 s, or misses two heartbeats, is cut. What may be said: heartbeats, IDENTIFY, RESUME, requests for
 * members (op 8) and for voice (op 4); presences (op 3) are everybody's, so nobody's.
 */
import { GatewayOpcodes as Op } from 'discord-api-types/v10'
import { CLOSE, type CloseCode } from 'kimaki-protocol'
import type { RawData, WebSocket } from 'ws'
import { fieldsOf, isFields, parseJson, type Fields } from '../base/shape.ts'
import { Windows } from '../base/windows.ts'
import type { Delivery } from '../ports/store.ts'

export interface SocketEvents {
  /** Each returns the id of the client that is connected by it, or closes the socket itself. */
  identify(socket: ClientSocket, data: Fields): void
  resume(socket: ClientSocket, data: Fields): void
  /** Op 4 and op 8. */
  ask(socket: ClientSocket, op: number, data: Fields): void
  refused(socket: ClientSocket, op: number): void
  closed(socket: ClientSocket): void
}

export interface SocketSettings {
  readonly heartbeatMs: number
  readonly now: () => number
}

const IDENTIFY_MS = 20_000
/** Discord docs: Gateway > Rate Limiting; Sending Events. */
const SENDS = { times: 120, ms: 60_000 }
export const LARGEST_FRAME = 4096
/** A client that does not read as fast as it is written to resumes later. */
const MOST_BUFFERED = 16 * 1024 * 1024

export class ClientSocket {
  readonly #socket: WebSocket
  readonly #events: SocketEvents
  readonly #sends: Windows
  readonly #timers: NodeJS.Timeout[] = []
  #isHeard = true
  /** Set once it is live. */
  clientId: string | undefined

  constructor(socket: WebSocket, events: SocketEvents, settings: SocketSettings) {
    this.#socket = socket
    this.#events = events
    this.#sends = new Windows(SENDS, settings.now)
    socket.on('message', (data) => this.#onMessage(data))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      for (const timer of this.#timers) clearInterval(timer)
      events.closed(this)
    })
    this.#timers.push(setTimeout(() => this.clientId === undefined && this.close(CLOSE.notIdentified), IDENTIFY_MS))
    this.#timers.push(setInterval(() => this.#watch(), settings.heartbeatMs * 2))
    this.#write({ op: Op.Hello, d: { heartbeat_interval: settings.heartbeatMs } })
  }

  dispatch(name: string, s: number, data: unknown): void {
    this.#write({ op: Op.Dispatch, t: name, s, d: data })
  }

  /** Its data is JSON already. */
  deliver({ name, s, json }: Delivery): void {
    if (this.#socket.bufferedAmount > MOST_BUFFERED) return this.#socket.terminate()
    this.#send(`{"op":0,"t":${JSON.stringify(name)},"s":${s},"d":${json}}`)
  }

  /** What the client knows is of no use any more: it must identify anew. */
  invalidate(): void {
    this.clientId = undefined
    this.#write({ op: Op.InvalidSession, d: false })
  }

  /** Asks it to come back, here or where the gateway runs next. */
  reconnect(): void {
    this.#write({ op: Op.Reconnect, d: null })
    this.close(CLOSE.tryAgain)
  }

  close(code: CloseCode): void {
    this.clientId = undefined
    this.#socket.close(code)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #onMessage(raw: RawData): void {
    this.#isHeard = true
    if (this.#sends.take('') > 0) return this.close(CLOSE.tooFast)
    const frame = parseJson((raw as Buffer).toString())
    if (!isFields(frame)) return this.close(CLOSE.unreadable)
    const data = fieldsOf(frame.d)
    switch (frame.op) {
      case Op.Heartbeat:
        return this.#write({ op: Op.HeartbeatAck })
      case Op.Identify:
        return this.clientId === undefined ? this.#events.identify(this, data) : this.close(CLOSE.identifiedTwice)
      case Op.Resume:
        return this.clientId === undefined ? this.#events.resume(this, data) : this.close(CLOSE.identifiedTwice)
      case Op.VoiceStateUpdate:
      case Op.RequestGuildMembers:
        if (this.clientId === undefined) return this.close(CLOSE.notIdentified)
        return this.#events.ask(this, frame.op, data)
      default:
        return this.#events.refused(this, Number(frame.op))
    }
  }

  #watch(): void {
    if (!this.#isHeard) return this.#socket.terminate()
    this.#isHeard = false
  }

  #write(frame: Fields): void {
    this.#send(JSON.stringify(frame))
  }

  #send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text)
  }
}
