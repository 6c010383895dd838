/**
 * The public shapes of the emulator: what `startEmulator()` returns, who lives in its world, what can go wrong on
 * purpose and what the journal remembers. Types only; the doc comments say which of Discord's documented rules apply.
 */
import type {
  APIApplicationCommand,
  APIApplicationCommandOptionChoice,
  APIAttachment,
  APIChannel,
  APIMessage,
  APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10'
import type { Journal } from './journal.ts'
import type { RateLimitRules } from './rules/rate-limits.ts'

/** A Discord id: a 64-bit unsigned integer in decimal, time-ordered (docs: Reference > Snowflakes). */
export type Snowflake = string

export interface EmulatorOptions {
  /** Port of 127.0.0.1 to listen on; 0 (default) picks a free one. */
  readonly port?: number
  /** Enforce rate limits (default true). Numbers Discord does not document are settings: pass some of them, see `rules/rate-limits.ts`. */
  readonly rateLimits?: boolean | Partial<RateLimitRules>
  /** Heartbeat interval sent in HELLO, ms (default 41250). Missing two of them cuts the socket. */
  readonly heartbeatInterval?: number
  /** How long a disconnected gateway session can be resumed, ms (default 90_000). */
  readonly resumeWindow?: number
  /** How long `enforce_nonce` recognises a nonce, ms (default 180_000; Discord: "the past few minutes"). */
  readonly nonceWindow?: number
  /** How long the signed address of an attachment is good, ms (default 24 h). */
  readonly attachmentLifetime?: number
  /** Age from which a message counts as "older": starting a thread from it leaves a notice (type 18) in its channel, ms (default 60_000). */
  readonly olderMessage?: number
  /** Active threads a guild may have, 160006 beyond (default 1000, a community figure). */
  readonly activeThreads?: number
  /** Dispatches a session keeps for a RESUME (default 10_000). */
  readonly replayBuffer?: number
  /** Forget dispatches once a heartbeat has acknowledged them: a RESUME from further back is refused (default false; not documented). */
  readonly trimAcknowledged?: boolean
  /** How many shards `GET /gateway/bot` recommends (default 1). Any number of them may connect. */
  readonly shards?: number
  /** The clock, Unix ms (default the machine's): time-stamps, expiry, nonce and resume windows, rate limits. Timers and the journal stay real. */
  readonly now?: () => number
  /** Makes tokens, session ids and the choices of fault profiles the same in every run (default: chance). With a fixed `now`, ids too. */
  readonly seed?: number
  /** Called with every REST and CDN exchange after its answer was sent (or withheld). See `discord-emulator/conformance`. */
  readonly onExchange?: (exchange: Exchange) => void
}

/** One HTTP exchange as it went over the wire. */
export interface Exchange {
  readonly method: string
  /** Route template, e.g. `/channels/:channel/messages`; undefined for a path the emulator does not know. */
  readonly route: string | undefined
  readonly path: string
  readonly status: number
  /** The parsed JSON body (of a multipart request: its `payload_json`), undefined without one. */
  readonly requestBody: unknown
  readonly responseBody: unknown
  /** The kind of the fault that was met, if any: the answer is then not Discord's. */
  readonly fault: string | undefined
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
  readonly clock: WorldClock
  /** Closes every socket and the server; resolves when nothing is left running. */
  stop(): Promise<void>
}

/** The clock of the world: time-stamps, windows, tokens of interactions, archiving. */
export interface WorldClock {
  /** Unix ms. */
  now(): number
  /** Moves it forward; what falls due on the way (threads that archive themselves) happens in order, before the call returns. */
  advance(ms: number): void
}

export interface World {
  /** A person. They act through the returned handle; the journal names them. */
  user(name: string): Person
  /** A guild with an owner, @everyone and no channels. */
  guild(options: { readonly name: string; readonly owner: Person }): Guild
  /** A bot application with its token; a member of no guild until `guild.addBot`. */
  bot(options: BotOptions): Bot
  /** Every message of a channel or thread, oldest first, as the API would show it. */
  messages(channelId: Snowflake): readonly APIMessage[]
  /** A channel or thread as text without ids and times, for snapshots; with the ephemeral messages for `viewer`. */
  transcript(channelId: Snowflake, viewer?: { readonly id: Snowflake }): string
  channel(channelId: Snowflake): APIChannel | undefined
  /** Threads (active and archived) of a text channel, oldest first. */
  threads(channelId: Snowflake): readonly APIChannel[]
  /** Resolves with the first value that is not undefined; looks again after every change of the world. Rejects after `timeoutMs` (default 90_000: a busy machine fails nothing) naming `what`. */
  until<T>(what: string, look: () => T | undefined, timeoutMs?: number): Promise<T>
  /** Calls back after every change; returns the unsubscribe. */
  onChange(listener: () => void): () => void
}

export interface BotOptions {
  readonly name: string
  readonly token?: string
  /** The portal's switch for MESSAGE_CONTENT (default true). Off: asking for it closes with 4014, and REST shows no content either. */
  readonly messageContentIntent?: boolean
  /** The switch for GUILD_MEMBERS (default false). */
  readonly guildMembersIntent?: boolean
  /** The switch for GUILD_PRESENCES (default false). */
  readonly presencesIntent?: boolean
  /** Where the portal allows people to be sent after they consented (default: nowhere). */
  readonly redirectUris?: readonly string[]
}

export interface Overwrite {
  /** Role or member. */
  readonly id: Snowflake
  readonly type: 'role' | 'member'
  readonly allow?: bigint
  readonly deny?: bigint
}

export interface Guild {
  readonly id: Snowflake
  readonly name: string
  textChannel(name: string): APIChannel
  /** `permissions` default to none beyond @everyone's. */
  role(options: { readonly name: string; readonly permissions?: bigint }): { readonly id: Snowflake }
  /** Replaces a role's permissions; the guild's own id names @everyone. */
  setRolePermissions(roleId: Snowflake, permissions: bigint): void
  deleteRole(roleId: Snowflake): void
  setNick(memberId: Snowflake, nick: string | null): void
  /** Replaces the permission overwrites of a channel. */
  setOverwrites(channelId: Snowflake, overwrites: readonly Overwrite[]): void
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
  /** Of the application, for OAuth2. */
  readonly clientSecret: string
  readonly name: string
}

export interface Upload {
  readonly name: string
  readonly contentType?: string
  readonly data: Uint8Array | string
  /** Of a voice message: seconds, and the base64 of at most 256 amplitudes. */
  readonly durationSeconds?: number
  readonly waveform?: string
}

/** What a person gives for an option: text, number, truth, a file; users, roles and channels by id. */
export type OptionValue = string | number | boolean | Upload

/** What a person gives for a field of a modal, by its custom_id. */
export type ModalValue = string | boolean | readonly string[] | Upload | readonly Upload[]

/** What a person sees of an interaction of theirs (docs: Interactions > Receiving and Responding). Its fields are always of now. */
export interface Interaction {
  readonly id: Snowflake
  /** `waiting` turns into `failed` after 3 s without an answer; `thinking`: the answer was deferred. */
  readonly state: 'waiting' | 'thinking' | 'answered' | 'failed'
  /** The message that is its answer, or that the answer changed. */
  readonly response: APIMessage | undefined
  readonly modal: APIModalInteractionResponseCallbackData | undefined
  /** Of autocomplete. */
  readonly choices: readonly APIApplicationCommandOptionChoice[] | undefined
}

export interface SendOptions {
  readonly replyTo?: Snowflake
  readonly files?: readonly Upload[]
}

export interface Voice {
  readonly data: Uint8Array | string
  readonly durationSeconds: number
  readonly waveform?: string
  readonly name?: string
}

export interface Person {
  readonly id: Snowflake
  readonly name: string
  /**
   * Opens an address of the page that asks for consent, agrees, and chooses a guild where the page asks for one (docs: OAuth2 >
   * Authorization Code Grant, Bot Authorization Flow). Returns where Discord sends the browser then. Throws with Discord's code when the
   * address is wrong, or without MANAGE_GUILD there (50013).
   */
  consent(address: string, guildId?: Snowflake): string
  /** Opens it and cancels; returns where the browser is sent. */
  decline(address: string): string
  /** Sends a message (mentions are parsed from the text); throws with Discord's code when the person may not. */
  send(channelId: Snowflake, content: string, options?: SendOptions): APIMessage
  edit(channelId: Snowflake, messageId: Snowflake, content: string): APIMessage
  delete(channelId: Snowflake, messageId: Snowflake): void
  react(channelId: Snowflake, messageId: Snowflake, emoji: string): void
  unreact(channelId: Snowflake, messageId: Snowflake, emoji: string): void
  /** Shows that they are typing. */
  type(channelId: Snowflake): void
  /** Starts a public thread from a message (thread id = message id), or without one when `messageId` is omitted. */
  startThread(channelId: Snowflake, name: string, messageId?: Snowflake, options?: { readonly private?: boolean }): APIChannel
  /** A voice message: one audio file with its length in seconds; `waveform` is base64. */
  sendVoice(channelId: Snowflake, voice: Voice): APIMessage
  pin(channelId: Snowflake, messageId: Snowflake): void
  unpin(channelId: Snowflake, messageId: Snowflake): void
  /** The direct-message channel with a bot or a person; 50007 where they share no guild. */
  dm(other: { readonly id: Snowflake }): APIChannel
  joinThread(threadId: Snowflake): void
  leaveThread(threadId: Snowflake): void
  /** The commands that their client offers in a channel, of every bot and type: those they may use, a guild's own before global ones. */
  commands(channelId: Snowflake): readonly APIApplicationCommand[]
  /**
   * Uses a slash command: `ask`, `queue add`, `settings model set`. Throws 10063 for a command that is not there, 50013 for one they may
   * not use, 50035 for options their client would not send. `bot` where several bots have one of the name.
   */
  command(
    channelId: Snowflake,
    line: string,
    options?: Readonly<Record<string, OptionValue>>,
    which?: { readonly bot?: Bot },
  ): Interaction
  /** Types into an option: the bot is asked for choices. Nothing is required or held to limits yet. */
  autocomplete(channelId: Snowflake, line: string, options: Readonly<Record<string, OptionValue>>, focused: string): Interaction
  /** Uses a command of the menu of a message or a user. */
  contextMenu(channelId: Snowflake, name: string, targetId: Snowflake): Interaction
  press(channelId: Snowflake, messageId: Snowflake, customId: string): Interaction
  /** Values of options, or ids of users, roles and channels. */
  select(channelId: Snowflake, messageId: Snowflake, customId: string, values: readonly string[]): Interaction
  /** Fills and sends the modal an interaction showed; fields left out keep their defaults. */
  fill(shown: Interaction, values: Readonly<Record<string, ModalValue>>): Interaction
  /** What they see in a channel, oldest first: everybody's messages and ephemeral ones for them. */
  messages(channelId: Snowflake): readonly APIMessage[]
}

/** A fault for the next matching requests. The CDN is a route too: `GET /attachments/:channel/:attachment/:filename`. First match wins; `times` (default 1, Infinity = until cleared) counts down. */
export interface RestFault {
  /** e.g. `POST /channels/:channel/messages`; `*` for any. Route templates without the `/api/v10` prefix. */
  readonly route: string
  readonly times?: number
  /** Skip this many matching requests first. */
  readonly after?: number
  readonly effect:
    /** The request is carried out and answered after the delay, even if its client has gone by then. */
    | { readonly kind: 'latency'; readonly ms: number }
    | {
        readonly kind: 'status'
        readonly status: number
        readonly body?: unknown
        readonly headers?: Readonly<Record<string, string>>
      }
    /** The socket is reset before the request is carried out. */
    | { readonly kind: 'reset-before' }
    /** The request is carried out, then the socket is reset without an answer. */
    | { readonly kind: 'reset-after' }
    /** The request is carried out (`commit`) or not, and never answered. */
    | { readonly kind: 'hang'; readonly commit: boolean }
    /** The request is carried out; half of the answer's body arrives, then the socket is reset. */
    | { readonly kind: 'truncate' }
    /** The request is carried out; the answer's body arrives bit by bit, the last one after so many ms. */
    | { readonly kind: 'slow'; readonly ms: number }
  /** Called once a request has met the fault, after the effect's commit if it has one (`latency`: when the delay begins). */
  readonly onHit?: () => void
}

/** A fault for the next matching dispatches of a bot. `times` (default 1) and `after` count as for requests. */
export interface EventFault {
  /** e.g. `MESSAGE_CREATE`; `*` for any. */
  readonly event: string
  readonly times?: number
  readonly after?: number
  readonly effect:
    /** Written twice, with the same sequence number. */
    | { readonly kind: 'duplicate' }
    /** Written after so many ms of the world's clock; what follows overtakes it. */
    | { readonly kind: 'late'; readonly ms: number }
    /** Changes places with the dispatch that follows it. */
    | { readonly kind: 'swap' }
    /** Numbered but not written: a gap in the sequence. A RESUME from before it replays it. */
    | { readonly kind: 'skip' }
    /** With other data than Discord would send; a RESUME repeats it so. */
    | { readonly kind: 'change'; readonly change: (data: unknown) => unknown }
}

/**
 * `flaky-wifi`: some requests are slow, reset before or after their effect, or cut short; some events come twice, late or in the wrong
 * order; now and then the socket is cut. `429-storm`: half of the requests are refused with 429 (`shared`). `discord-outage`: nearly
 * every request fails with 5xx, the gateway is cut and refuses. See `rules/fault-profiles.ts`; what is met is chosen by `seed`.
 */
export type FaultProfileName = 'flaky-wifi' | '429-storm' | 'discord-outage'

export interface Faults {
  add(fault: RestFault): { readonly hits: number; clear(): void }
  /** For the gateway sessions of a bot. */
  addEvent(botId: Snowflake, fault: EventFault): { readonly hits: number; clear(): void }
  /** Weather for everybody, beside single faults; returns its end. One at a time: the next replaces it. */
  profile(name: FaultProfileName): () => void
  clear(): void
}

/** What can be done to gateway connections; sessions are named by bot. */
export interface GatewayControl {
  /** Destroys the TCP sockets of the bot's connections; the session stays resumable. */
  cut(botId: Snowflake): void
  /**
   * Stops reading and writing without closing (a half-open link). The session goes on when another connection resumes it. A client on
   * `ws` that closes such a link waits 30 s for the other side's closing frame before it connects again.
   */
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
  /** Sends op 1: the client should answer with a heartbeat at once. */
  requestHeartbeat(botId: Snowflake): void
  /** Number of open, identified connections of the bot. */
  connections(botId: Snowflake): number
}

export interface StoredFile {
  readonly attachment: APIAttachment
  readonly data: Uint8Array
}
