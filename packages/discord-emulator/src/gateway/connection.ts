/**
 * One socket of a client.
 *
 *   greeted ──IDENTIFY / RESUME──▶ linked (to a session) ──close, cut, lost heartbeats──▶ ended
 *      └────────────close, cut, lost heartbeats─────────────────────────────────────────────▲
 *
 * A *frozen* connection neither reads nor writes and does not close: to its client it looks like a link that died in silence. Only
 * `destroy` (the emulator stops) frees it; its session is unlinked when its heartbeats are missed, or when another connection resumes.
 */
import type { Socket } from 'node:net'
import { WebSocket, type RawData } from 'ws'
import { CLOSE_RULES, ENDS_SESSION } from '../rules/close-codes.ts'
import type { Session } from './session.ts'
import type { Encode } from './transport.ts'

export interface ConnectionEvents {
  message(connection: Connection, data: RawData, isBinary: boolean): void
  /** Called once, in the same tick as what ended it. `code` is undefined when no close frame was seen. */
  ended(connection: Connection, code: number | undefined, by: 'client' | 'server'): void
}

export class Connection {
  session: Session | undefined
  /** The bot the connection spoke for last: it stays named after its session is gone. */
  botId: string | undefined
  readonly #socket: WebSocket
  readonly #tcp: Socket
  readonly #encode: Encode
  readonly #events: ConnectionEvents
  readonly #patience: number
  #heartbeatTimer: NodeJS.Timeout | undefined
  #ended = false
  #frozen = false

  /** `patience`: ms without a heartbeat after which the connection counts as lost. */
  constructor(
    link: { readonly socket: WebSocket; readonly tcp: Socket; readonly encode: Encode },
    events: ConnectionEvents,
    patience: number,
  ) {
    this.#socket = link.socket
    this.#tcp = link.tcp
    this.#encode = link.encode
    this.#events = events
    this.#patience = patience
    this.#socket.on('message', (data, isBinary) => {
      if (!this.#ended) events.message(this, data, isBinary)
    })
    this.#socket.on('close', (code) => this.#end(code === 1006 ? undefined : code, 'client'))
    this.#socket.on('error', () => undefined)
    this.heartbeatSeen()
  }

  get isOpen(): boolean {
    return !this.#ended
  }

  /** Whether the text went to the socket. */
  write(text: string): boolean {
    if (this.#ended || this.#frozen || this.#socket.readyState !== WebSocket.OPEN) return false
    const payload = this.#encode(text)
    this.#socket.send(payload, { binary: typeof payload !== 'string' })
    return true
  }

  send(op: number, data: unknown): boolean {
    return this.write(JSON.stringify({ t: null, s: null, op, d: data }))
  }

  heartbeatSeen(): void {
    clearTimeout(this.#heartbeatTimer)
    this.#heartbeatTimer = setTimeout(() => this.cut(), this.#patience)
  }

  close(code: number): void {
    const reason = CLOSE_RULES[code]?.reason ?? ''
    if (!this.#frozen) this.#socket.close(code, reason)
    this.#end(code, 'server')
  }

  /** Ends the connection without a word. A frozen one keeps its socket open. */
  cut(): void {
    if (!this.#frozen) this.#tcp.resetAndDestroy()
    this.#end(undefined, 'server')
  }

  freeze(): void {
    this.#frozen = true
    this.#socket.pause()
  }

  /** Frees the socket whatever its state. */
  destroy(): void {
    clearTimeout(this.#heartbeatTimer)
    this.#ended = true
    this.#socket.terminate()
    this.#tcp.destroy()
  }

  #end(code: number | undefined, by: 'client' | 'server'): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#heartbeatTimer)
    this.#events.ended(this, code, by)
  }
}

/** Whether a connection that ended so leaves a session that can be resumed (docs: Gateway > Disconnecting). */
export function keepsSession(code: number | undefined, by: 'client' | 'server'): boolean {
  if (code === undefined) return true
  return by === 'client' ? !ENDS_SESSION.has(code) : (CLOSE_RULES[code]?.resumable ?? true)
}
