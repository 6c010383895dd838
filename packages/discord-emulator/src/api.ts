/**
 * The public shapes of the emulator: what `startEmulator()` returns, who lives in its world, what can go wrong on
 * purpose and what the journal remembers. Types only; the doc comments say which of Discord's documented rules apply.
 */
import type { APIAttachment, APIChannel, APIMessage } from 'discord-api-types/v10'
import type { Journal } from './journal.ts'

/** A Discord id: a 64-bit unsigned integer in decimal, time-ordered (docs: Reference > Snowflakes). */
export type Snowflake = string

export interface EmulatorOptions {
  /** Port of 127.0.0.1 to listen on; 0 (default) picks a free one. */
  readonly port?: number
  /** Enforce rate limits (default true). Numbers Discord does not document are settings: see `limits.ts`. */
  readonly rateLimits?: boolean
  /** Heartbeat interval sent in HELLO, ms (default 41250). Missing two of them cuts the socket. */
  readonly heartbeatInterval?: number
  /** How long a disconnected gateway session can be resumed, ms (default 90_000). */
  readonly resumeWindow?: number
  /** How long `enforce_nonce` recognises a nonce, ms (default 180_000; Discord: "the past few minutes"). */
  readonly nonceWindow?: number
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`: REST, CDN and gateway share it. */
  readonly origin: string
  /** REST base as clients expect it: `${origin}/api` (routes live under `/v10`). */
  readonly apiUrl: string
  readonly world: World
  readonly journal: Journal
  readonly faults: Faults
  readonly gateway: GatewayControl
  /** Closes every socket and the server; resolves when nothing is left running. */
  stop(): Promise<void>
}

export interface World {
  /** A person. They act through the returned handle; the journal names them. */
  user(name: string): Person
  /** A guild with an owner, @everyone and no channels. */
  guild(options: { readonly name: string; readonly owner: Person }): Guild
  /** A bot application with its token; a member of no guild until `guild.addBot`. */
  bot(options: { readonly name: string; readonly token?: string; readonly messageContentIntent?: boolean }): Bot
  /** Every message of a channel or thread, oldest first, as the API would show it. */
  messages(channelId: Snowflake): readonly APIMessage[]
  channel(channelId: Snowflake): APIChannel | undefined
  /** Threads (active and archived) of a text channel, oldest first. */
  threads(channelId: Snowflake): readonly APIChannel[]
  /** Resolves with the first value that is not undefined; looks again after every change of the world. Rejects after `timeoutMs` (default 20_000) naming `what`. */
  until<T>(what: string, look: () => T | undefined, timeoutMs?: number): Promise<T>
  /** Calls back after every change; returns the unsubscribe. */
  onChange(listener: () => void): () => void
}

export interface Guild {
  readonly id: Snowflake
  readonly name: string
  textChannel(name: string): APIChannel
  role(options: { readonly name: string; readonly permissions?: bigint }): { readonly id: Snowflake }
  /** The person joins (idempotent); `roles` are role ids. */
  join(person: Person, roles?: readonly Snowflake[]): void
  setRoles(memberId: Snowflake, roles: readonly Snowflake[]): void
  leave(memberId: Snowflake): void
  /** Adds the bot with a managed role that carries `permissions` (default: what a text bot needs, without Administrator). */
  addBot(bot: Bot, options?: { readonly permissions?: bigint; readonly roles?: readonly Snowflake[] }): void
  /** Deletes a channel or thread, as an administrator would. */
  deleteChannel(channelId: Snowflake): void
  archiveThread(threadId: Snowflake, archived?: boolean, locked?: boolean): void
  /** Renames a channel or thread as a person with the right to do so. */
  rename(channelId: Snowflake, name: string): void
}

export interface Bot {
  readonly id: Snowflake
  readonly applicationId: Snowflake
  readonly token: string
  readonly name: string
}

export interface Upload {
  readonly name: string
  readonly contentType?: string
  readonly data: Uint8Array | string
}

export interface SendOptions {
  readonly replyTo?: Snowflake
  readonly files?: readonly Upload[]
}

export interface Person {
  readonly id: Snowflake
  readonly name: string
  /** Sends a message (mentions are parsed from the text); throws with Discord's code when the person may not. */
  send(channelId: Snowflake, content: string, options?: SendOptions): APIMessage
  edit(channelId: Snowflake, messageId: Snowflake, content: string): APIMessage
  delete(channelId: Snowflake, messageId: Snowflake): void
  react(channelId: Snowflake, messageId: Snowflake, emoji: string): void
  /** Starts a public thread from a message (thread id = message id), or without one when `messageId` is omitted. */
  startThread(channelId: Snowflake, name: string, messageId?: Snowflake): APIChannel
}

/** A fault for the next matching requests. First match wins; `times` (default 1, Infinity = until cleared) counts down. */
export interface RestFault {
  /** e.g. `POST /channels/:channel/messages`; `*` for any. Route templates without the `/api/v10` prefix. */
  readonly route: string
  readonly times?: number
  /** Skip this many matching requests first. */
  readonly after?: number
  readonly effect:
    | { readonly kind: 'latency'; readonly ms: number }
    | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
    /** The socket is reset before the request is carried out. */
    | { readonly kind: 'reset-before' }
    /** The request is carried out, then the socket is reset without an answer. */
    | { readonly kind: 'reset-after' }
    /** The request is carried out (`commit`) or not, and never answered. */
    | { readonly kind: 'hang'; readonly commit: boolean }
  /** Called once a request has met the fault, after the effect's commit if it has one. */
  readonly onHit?: () => void
}

export interface Faults {
  add(fault: RestFault): { readonly hits: number; clear(): void }
  clear(): void
}

/** What can be done to gateway connections; sessions are named by bot. */
export interface GatewayControl {
  /** Destroys the TCP sockets of the bot's connections; the session stays resumable. */
  cut(botId: Snowflake): void
  /** Stops reading and writing without closing (a half-open link). */
  freeze(botId: Snowflake): void
  /** Closes with a code. */
  close(botId: Snowflake, code: number): void
  /** Sends op 7 (reconnect). */
  reconnect(botId: Snowflake): void
  /** Sends op 9 (invalid session) and forgets the session unless resumable. */
  invalidate(botId: Snowflake, resumable?: boolean): void
  /** Forgets every session of the bot, so that the next RESUME is refused with op 9 false. */
  expire(botId: Snowflake): void
  /** While refused, new connections are reset. */
  refuse(refused: boolean): void
  /** The HELLO, ACK and dispatch behaviour: stop acknowledging heartbeats. */
  muteHeartbeats(botId: Snowflake, muted: boolean): void
  /** Number of open, identified connections of the bot. */
  connections(botId: Snowflake): number
}

export interface StoredFile {
  readonly attachment: APIAttachment
  readonly data: Uint8Array
}
