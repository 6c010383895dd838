/**
 * What the gateway keeps, and what it asks of the place that keeps it. Every call is one transaction; none of them waits.
 *
 * T1. `commit` stores events, their places in the logs of clients, and Discord's sequence in one transaction: after a crash either all of
 *     it is there, or Discord sends it again.
 * T2. `s` of a client's log only grows, gaps allowed; it is kept, so that a RESUME works after any restart.
 * T3. What cannot be replayed any more is told by `cut`: a RESUME from before it is refused.
 * T4. A log holds only events of guilds that its client was authorised for when they happened.
 */
import type { Fields } from '../base/shape.ts'
import type { StoreAway } from '../base/errors.ts'

/** An event of Discord as it came (Discord docs: Gateway Events > Dispatch Events). */
export interface Dispatch {
  readonly name: string
  readonly data: Fields
}

/** How far the gateway has heard Discord. */
export interface Position {
  readonly sessionId: string
  readonly resumeUrl: string
  readonly sequence: number
}

/** An event at its place in the log of a client. `json` is its data. */
export interface Delivery {
  readonly clientId: string
  readonly s: number
  readonly name: string
  readonly json: string
}

export interface Committed {
  readonly deliveries: readonly Delivery[]
  /** A new session of Discord: these clients must identify anew. */
  readonly isGap: boolean
  /** Clients whose guilds are fewer now. */
  readonly lost: readonly string[]
  /** Interactions that no connected client is there for. */
  readonly unheard: readonly Unheard[]
  /** Clients whose channels a person has written in: those that are not connected are woken. */
  readonly wanted: readonly string[]
  /** Guilds that were told of anew. */
  readonly created: readonly string[]
}

/** An interaction for nobody who is connected. */
export interface Unheard {
  readonly interaction: Fields
  /** Who would have heard it: the owner of the channel, or all clients of the guild. */
  readonly clientIds: readonly string[]
}

export interface Client {
  readonly id: string
  readonly secretHash: string
  readonly machine: string
}

export interface Attempt {
  readonly id: string
  readonly clientId: string
  readonly code: string
  readonly state: 'open' | 'authorized'
  readonly guildId: string | undefined
  /** Why the last way through failed. */
  readonly message: string | undefined
}

/** A way through Discord's page, between the redirect there and the one back. */
export interface Journey {
  readonly kind: 'install' | 'manage'
  /** Hash of the cookie of the browser that began it. */
  readonly cookieHash: string
  readonly attemptId: string
  readonly callback: string
}

export interface Authorization {
  readonly clientId: string
  readonly machine: string
  readonly guildId: string
  readonly userId: string
  readonly at: number
}

export interface Announcement extends Authorization {
  readonly code: string
}

/** The session of a client: where its log may be resumed. */
export interface ClientSession {
  readonly sessionId: string
  readonly lastS: number
  readonly cutS: number
}

export interface Started {
  readonly sessionId: string
  /** Of READY. */
  readonly s: number
  readonly guildIds: readonly string[]
  /** GUILD_CREATE of each. */
  readonly deliveries: readonly Delivery[]
}

export interface ClientStore {
  /** `taken`: the id is somebody else's. */
  register(client: Client & { readonly restart: boolean }): Attempt | 'taken' | StoreAway
  find(clientId: string): Client | undefined | StoreAway
  attempt(id: string): Attempt | undefined | StoreAway
  openAttempt(clientId: string): Attempt | undefined | StoreAway
  /** Why the way through failed; the attempt stays open. */
  failed(attemptId: string, message: string): undefined | StoreAway
  begin(stateHash: string, journey: Journey): undefined | StoreAway
  /** Each state once. */
  takeJourney(stateHash: string): Journey | undefined | StoreAway
  /** Lets the client of the attempt into the guild; what a connected client must hear of it. */
  authorize(attemptId: string, guildId: string, userId: string): readonly Delivery[] | StoreAway
  guildsOf(clientId: string): readonly string[] | StoreAway
  /** Where the client is woken; undefined: nowhere. */
  setWake(clientId: string, url: string | undefined): undefined | StoreAway
  wakeOf(clientId: string): { readonly url: string; readonly secretHash: string } | undefined | StoreAway
  authorizationsOf(guildIds: readonly string[]): readonly Authorization[] | StoreAway
  revoke(clientId: string, guildId: string): readonly Delivery[] | StoreAway
  /** Authorisations that the guild has not been told of. */
  unannounced(): readonly Announcement[] | StoreAway
  announced(clientId: string, guildId: string): undefined | StoreAway
}

export interface EventStore {
  /** Of a shard: index and number of shards; of the only one where it is left out. */
  position(shard?: readonly [number, number]): Position | undefined | StoreAway
  /** `isConnected`: an interaction for nobody is told back instead of kept. */
  commit(
    dispatches: readonly Dispatch[],
    position: Position,
    isConnected: (clientId: string) => boolean,
    shard?: readonly [number, number],
  ): Committed | StoreAway
  /** A new session for the client, from now on. */
  start(clientId: string): Started | StoreAway
  /** Undefined: it has none. */
  session(clientId: string): ClientSession | undefined | StoreAway
  /** The client's log after `s`, without interactions that are too old to be answered. */
  after(clientId: string, s: number): readonly Delivery[] | StoreAway
  /** A place in the log for something that is not replayed. */
  nextS(clientId: string): number | StoreAway
  /** Forgets what is too old or too much. */
  trim(): undefined | StoreAway
}

export interface GuildStore {
  guildOfChannel(channelId: string): string | undefined | StoreAway
  rememberChannel(channelId: string, guildId: string): undefined | StoreAway
  /** As GUILD_CREATE would show it. */
  guild(guildId: string): Fields | undefined | StoreAway
  /** To whom the interaction with this token was delivered. */
  holderOfToken(token: string): TokenHolder | undefined | StoreAway
}

export interface TokenHolder {
  readonly guildId: string
  readonly clientId: string
}

export interface ChannelOwner {
  readonly clientId: string
  readonly machine: string
}

export interface CommandOwner {
  readonly clientId: string
  /** As it was created. */
  readonly name: string
}

/** Whose channels and commands are. What a client has in a guild ends with its authorisation there. */
export interface OwnerStore {
  /** Undefined: nobody's. */
  ofChannel(channelId: string): ChannelOwner | undefined | StoreAway
  /** Whose it is now: the client's, or of the one that was first. */
  claim(clientId: string, place: { readonly channelId: string; readonly guildId: string }): ChannelOwner | undefined | StoreAway
  /** Gives it up, if it is the client's; whose it is now. */
  release(clientId: string, channelId: string): ChannelOwner | undefined | StoreAway
  ofCommand(commandId: string): CommandOwner | undefined | StoreAway
  /** The client has created it. */
  keepCommand(
    clientId: string,
    command: { readonly id: string; readonly guildId: string; readonly name: string },
  ): undefined | StoreAway
  /** Are other clients authorised for the guild? */
  others(clientId: string, guildId: string): boolean | StoreAway
}

export interface Store {
  readonly clients: ClientStore
  readonly events: EventStore
  readonly guilds: GuildStore
  readonly owners: OwnerStore
  /** Can it be used? */
  check(): undefined | StoreAway
  close(): void
}
