/**
 * One gateway connection, from its opening to its one end. It is a shard of @discordjs/ws that lives for a single socket: the library
 * speaks the protocol (hello, identify, resume, heartbeats, zombie check), but what comes after an end is decided by `client.ts`,
 * because the library would reconnect by itself every 500 ms without back-off, drop the session when a host refuses, and could not be
 * stopped while it waits. Hence `destroy` is overridden: it closes, reports, and never recovers.
 */
import {
  Encoding,
  WebSocketShard,
  WebSocketShardDestroyRecovery,
  WebSocketShardEvents,
  type IContextFetchingStrategy,
} from '@discordjs/ws'
import { GatewayIntentBits, type GatewayDispatchPayload } from 'discord-api-types/v10'
import type { GatewayPosition } from '../../ports/chat.ts'

export interface ConnectionOptions {
  readonly url: string
  readonly token: string
  /** RESUME from here; undefined: IDENTIFY. */
  readonly resume: GatewayPosition | undefined
  /** Resolves when an IDENTIFY may be sent. */
  readonly mayIdentify: () => Promise<void>
  readonly onHello: () => void
  /** In the order of the gateway, with the position it moves the session to. */
  readonly onDispatch: (dispatch: GatewayDispatchPayload, position: GatewayPosition) => void
  /** Exactly once. */
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
  /** Closes with 4200, so that the session stays resumable; resolves when the socket is gone (at most about a second). */
  end(reason: string): Promise<void>
}

const INTENTS = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent
const RESUMABLE_CLOSE = 4200
const LINE_BROKEN = 1006
const CLOSE_PATIENCE_MS = 1000

export function openConnection(options: ConnectionOptions): Connection {
  const shard = new OneSocketShard(options)
  shard.on(WebSocketShardEvents.Hello, () => options.onHello())
  shard.on(WebSocketShardEvents.Dispatch, (dispatch) => {
    const position = shard.positionAt(dispatch.s)
    if (position) options.onDispatch(dispatch, position)
  })
  // Its cause arrives as a close code as well; without a listener the emitter would throw.
  shard.on(WebSocketShardEvents.Error, () => undefined)
  shard.connect().catch((error: unknown) => shard.fail(String(error)))
  return { end: (reason) => shard.destroy({ reason, code: RESUMABLE_CLOSE, recover: WebSocketShardDestroyRecovery.Resume }) }
}

class OneSocketShard extends WebSocketShard {
  readonly #onEnd: (end: ConnectionEnd) => void
  readonly #session: Session
  #closeCode: number | undefined
  #greeted = false
  #ending: Promise<void> | undefined

  constructor(options: ConnectionOptions) {
    const session = new Session(options.resume)
    super(strategy(options, session), 0)
    this.#session = session
    this.#onEnd = options.onEnd
    this.once(WebSocketShardEvents.Closed, (code) => (this.#closeCode = code))
    this.once(WebSocketShardEvents.Hello, () => (this.#greeted = true))
  }

  positionAt(sequence: number): GatewayPosition | undefined {
    return this.#session.at(sequence)
  }

  fail(reason: string): void {
    void this.destroy({ reason, recover: WebSocketShardDestroyRecovery.Resume })
  }

  override destroy(options: Parameters<WebSocketShard['destroy']>[0] = {}): Promise<void> {
    this.#ending ??= this.#endOnce(options)
    return this.#ending
  }

  async #endOnce({ reason, code, recover }: NonNullable<Parameters<WebSocketShard['destroy']>[0]>): Promise<void> {
    // The session is bound to this socket only once RESUME or IDENTIFY was sent; a line that breaks costs nothing either.
    const resumable = recover === WebSocketShardDestroyRecovery.Resume || !this.#greeted || this.#closeCode === LINE_BROKEN
    this.#onEnd({ code: this.#closeCode, reason: reason ?? `closed with ${this.#closeCode ?? code}`, resumable })
    // The library opens the socket a few microtasks after `connect`; before that it would ignore the end and open it all the same.
    if (this.#socket() === null) await new Promise(setImmediate)
    const socket = this.#socket()
    // A half-open socket never answers the close, and one that is still connecting is not closed by the library at all.
    const impatience = setTimeout(() => terminate(socket), CLOSE_PATIENCE_MS)
    await super.destroy({ code: code ?? RESUMABLE_CLOSE, ...(reason === undefined ? {} : { reason }) })
    clearTimeout(impatience)
    terminate(socket)
  }

  #socket(): unknown {
    return Reflect.get(this, 'connection')
  }
}

/** The library's in-memory session: begins with what is resumed, replaced by READY. The `null` that an end sends is ignored. */
class Session {
  #now: { readonly sessionId: string; readonly resumeUrl: string; readonly sequence: number } | undefined

  constructor(resume: GatewayPosition | undefined) {
    this.#now = resume
  }

  at(sequence: number): GatewayPosition | undefined {
    return this.#now && { sessionId: this.#now.sessionId, resumeUrl: this.#now.resumeUrl, sequence }
  }

  read(): GatewayPosition | undefined {
    return this.#now
  }

  write(position: GatewayPosition): void {
    this.#now = position
  }
}

function strategy({ url, token, mayIdentify }: ConnectionOptions, session: Session): IContextFetchingStrategy {
  return {
    options: {
      token,
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a set of bits is no member of its enum
      intents: INTENTS,
      version: '10',
      encoding: Encoding.JSON,
      compression: null,
      useIdentifyCompression: false,
      identifyProperties: { browser: 'kimaki', device: 'kimaki', os: process.platform },
      initialPresence: null,
      largeThreshold: null,
      handshakeTimeout: 10_000,
      helloTimeout: 15_000,
      readyTimeout: 15_000,
      shardCount: 1,
      gatewayInformation: { url, shards: 1, session_start_limit: { total: 1, remaining: 1, reset_after: 0, max_concurrency: 1 } },
    },
    retrieveSessionInfo() {
      const now = session.read()
      // The library connects to `resumeURL`; which address to use is the client's choice.
      return now ? { sessionId: now.sessionId, resumeURL: url, sequence: now.sequence, shardId: 0, shardCount: 1 } : null
    },
    updateSessionInfo(_shard, info) {
      if (!info) return
      const known = session.read()
      const resumeUrl = known?.sessionId === info.sessionId ? known.resumeUrl : info.resumeURL
      session.write({ sessionId: info.sessionId, resumeUrl, sequence: info.sequence })
    },
    waitForIdentify: mayIdentify,
  }
}

/** `terminate` of the `ws` socket: destroys it without the closing handshake. A late error of it must find a listener. */
function terminate(socket: unknown): void {
  if (typeof socket !== 'object' || socket === null) return
  const on: unknown = Reflect.get(socket, 'on')
  if (typeof on === 'function') on.call(socket, 'error', () => undefined)
  const end: unknown = Reflect.get(socket, 'terminate')
  if (typeof end === 'function') end.call(socket)
}
