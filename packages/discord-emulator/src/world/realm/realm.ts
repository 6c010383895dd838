/** The realm: everything one emulated Discord holds, and the three ways by which it tells the outside what happened. */
import type { Snowflake } from '../../api.ts'
import type { Journal } from '../../journal.ts'
import type { Dispatch } from './dispatch.ts'
import type { BotRecord, ChannelRecord, FileRecord, GrantRecord, GuildRecord, ThreadRecord, UserRecord } from './records.ts'
import { createLogs, type MessageLogs } from './message-log.ts'
import { createInteractionStore, type InteractionStore } from './interaction-store.ts'
import { createNonces, type Nonces } from '../base/nonces.ts'
import type { Clock } from '../base/clock.ts'
import { createSnowflakes } from '../base/snowflake.ts'

export interface RealmSettings {
  readonly origin: string
  readonly now: () => number
  readonly clock: Clock
  /** Bytes for tokens and session ids: chance, or the same every time under a seed. */
  readonly secret: (bytes: number) => Buffer
  /** Signs the addresses of attachments: no address outlives its emulator. */
  readonly signingKey: Buffer
  readonly nonceWindow: number
  readonly attachmentLifetime: number
  readonly olderMessage: number
  readonly activeThreads: number
  readonly shards: number
}

export interface Realm {
  readonly settings: RealmSettings
  readonly users: Map<Snowflake, UserRecord>
  readonly bots: Map<Snowflake, BotRecord>
  readonly guilds: Map<Snowflake, GuildRecord>
  readonly channels: Map<Snowflake, ChannelRecord | ThreadRecord>
  readonly messages: MessageLogs
  readonly files: Map<Snowflake, FileRecord>
  /** Application commands by `application` or `application/guild`. */
  readonly commands: Map<string, readonly Readonly<Record<string, unknown>>[]>
  /** When each command came to be, by scope: what counts towards the creates of a day. */
  readonly commandCreations: Map<string, readonly number[]>
  /** By code and by access token. */
  readonly grants: { readonly codes: Map<string, GrantRecord>; readonly tokens: Map<string, GrantRecord> }
  readonly interactions: InteractionStore
  /** Messages only one person sees; `messages` are those of the channel's history. */
  readonly ephemerals: MessageLogs
  readonly nonces: Nonces
  readonly journal: Journal
  newId(): Snowflake
  /** Hands an event to the gateway, at once. */
  dispatch(event: Dispatch): void
  onDispatch(listener: (event: Dispatch) => void): void
  /** Says that something changed; listeners hear of it in the next microtask, once. */
  changed(): void
}

export function createRealm(settings: RealmSettings, journal: Journal, changed: () => void): Realm {
  const listeners: ((event: Dispatch) => void)[] = []
  return {
    settings,
    users: new Map(),
    bots: new Map(),
    guilds: new Map(),
    channels: new Map(),
    messages: createLogs(),
    files: new Map(),
    commands: new Map(),
    commandCreations: new Map(),
    grants: { codes: new Map(), tokens: new Map() },
    interactions: createInteractionStore(settings.now),
    ephemerals: createLogs(),
    nonces: createNonces(settings.now, settings.nonceWindow),
    journal,
    newId: createSnowflakes(settings.now),
    dispatch(event) {
      for (const listener of listeners) listener(event)
      changed()
    },
    onDispatch(listener) {
      listeners.push(listener)
    },
    changed,
  }
}
