/**
 * What the emulated Discord stores. Records are replaced, never changed in place, so that a record handed out (to the journal, to a
 * test) stays what it was. What can be derived (a message's `thread`, who sees what, signed URLs) is not stored.
 */
import type { Snowflake } from '../../api.ts'

export interface UserRecord {
  readonly id: Snowflake
  readonly name: string
  readonly username: string
  readonly discriminator: string
  readonly bot: boolean
}

export interface BotRecord {
  readonly id: Snowflake
  readonly applicationId: Snowflake
  readonly name: string
  readonly token: string
  readonly ownerId: Snowflake
  readonly clientSecret: string
  readonly redirectUris: readonly string[]
  /** Privileged intents switched on in the developer portal. */
  readonly privileged: { readonly messageContent: boolean; readonly guildMembers: boolean; readonly presences: boolean }
}

/** What a person allowed an application. */
export interface GrantRecord {
  readonly botId: Snowflake
  readonly userId: Snowflake
  readonly scopes: readonly string[]
  /** Where the bot was added. */
  readonly guildId: Snowflake | undefined
  /** Of a code: the address it is bound to. */
  readonly redirectUri: string
  /** Unix ms. */
  readonly expiresAt: number
}

export interface RoleRecord {
  readonly id: Snowflake
  readonly name: string
  readonly permissions: bigint
  /** Higher ranks above lower; of two at the same position, the older one does. */
  readonly position: number
  readonly managed: boolean
  readonly color: number
  readonly hoist: boolean
  readonly mentionable: boolean
  readonly botId?: Snowflake
}

export interface MemberRecord {
  readonly userId: Snowflake
  readonly roles: readonly Snowflake[]
  readonly joinedAt: string
  readonly nick: string | null
  readonly timedOutUntil: string | null
}

export interface GuildRecord {
  readonly id: Snowflake
  readonly name: string
  readonly ownerId: Snowflake
  readonly roles: Map<Snowflake, RoleRecord>
  readonly members: Map<Snowflake, MemberRecord>
}

export interface OverwriteRecord {
  readonly id: Snowflake
  readonly type: 'role' | 'member'
  readonly allow: bigint
  readonly deny: bigint
}

export interface ChannelRecord {
  readonly kind: 'channel'
  readonly id: Snowflake
  readonly guildId: Snowflake
  readonly type: number
  readonly name: string
  readonly topic: string | null
  readonly position: number
  readonly parentId: Snowflake | null
  readonly overwrites: readonly OverwriteRecord[]
  readonly nsfw: boolean
  readonly slowmode: number
  readonly lastMessageId: Snowflake | null
  /** The two of a direct-message channel, which belongs to no guild (`guildId` is empty then). */
  readonly recipients?: readonly [Snowflake, Snowflake]
}

export interface ThreadRecord {
  readonly kind: 'thread'
  readonly id: Snowflake
  readonly guildId: Snowflake
  readonly parentId: Snowflake
  readonly type: number
  readonly name: string
  readonly ownerId: Snowflake
  readonly archived: boolean
  readonly locked: boolean
  readonly invitable: boolean
  readonly autoArchiveMinutes: number
  /** When the archive state (or the auto-archive duration) last changed. */
  readonly archiveStamp: string
  readonly createdAt: string
  readonly slowmode: number
  readonly messageCount: number
  readonly totalMessages: number
  readonly lastMessageId: Snowflake | null
  /** User id → time of joining. */
  readonly members: ReadonlyMap<Snowflake, string>
}

export interface AttachmentRecord {
  readonly id: Snowflake
  readonly filename: string
  readonly size: number
  readonly contentType: string
  readonly title?: string
  readonly description?: string
  readonly durationSeconds?: number
  readonly waveform?: string
}

export interface ReactionRecord {
  readonly emoji: string
  readonly userIds: readonly Snowflake[]
}

export interface ReferenceRecord {
  readonly channelId: Snowflake
  readonly guildId: Snowflake
  readonly messageId?: Snowflake
}

export interface MessageRecord {
  readonly id: Snowflake
  readonly channelId: Snowflake
  readonly type: number
  readonly authorId: Snowflake
  readonly content: string
  readonly timestamp: string
  readonly editedTimestamp: string | null
  readonly flags: number
  readonly mentions: readonly Snowflake[]
  readonly mentionRoles: readonly Snowflake[]
  readonly mentionEveryone: boolean
  readonly attachments: readonly AttachmentRecord[]
  readonly embeds: readonly unknown[]
  readonly components: readonly unknown[]
  readonly tts: boolean
  readonly reference?: ReferenceRecord
  readonly reactions: readonly ReactionRecord[]
  readonly pinnedAt?: string
  /** Set on messages an application wrote with the token of an interaction. */
  readonly interaction?: InteractionOrigin
  /** The one person who sees it, beside the bot (EPHEMERAL). Such a message is in no channel's history. */
  readonly ephemeralFor?: Snowflake
}

/** Where a message written for an interaction comes from (docs: Message > Message Interaction Metadata Object). */
export interface InteractionOrigin {
  readonly id: Snowflake
  readonly type: number
  readonly userId: Snowflake
  readonly applicationId: Snowflake
  readonly guildId: Snowflake | undefined
  /** What a command of a context menu was used on. */
  readonly target?: { readonly kind: 'user' | 'message'; readonly id: Snowflake }
  /** The message whose component was used. */
  readonly messageId?: Snowflake
  /** Of a modal: the interaction that showed it. */
  readonly triggering?: InteractionOrigin
  /** Of a follow-up: the first response. */
  readonly originalId?: Snowflake
}

/** JSON of Discord whose shape nobody here looks at. */
export type Fields = Readonly<Record<string, unknown>>

export type InteractionAnswer =
  | { readonly kind: 'message' | 'update'; readonly messageId: Snowflake }
  | { readonly kind: 'choices'; readonly choices: readonly Fields[] }
  | { readonly kind: 'modal'; readonly modal: Fields }

export interface InteractionRecord {
  readonly id: Snowflake
  readonly token: string
  readonly botId: Snowflake
  readonly type: number
  readonly userId: Snowflake
  readonly channelId: Snowflake
  /** Unix ms. */
  readonly createdAt: number
  readonly data: Fields
  /** The message whose component was used, also for the modal that came of it. */
  readonly messageId: Snowflake | undefined
  readonly origin: InteractionOrigin
  readonly answer: InteractionAnswer | undefined
}

export interface FileRecord {
  readonly id: Snowflake
  readonly channelId: Snowflake
  readonly filename: string
  readonly contentType: string
  readonly data: Uint8Array
}
