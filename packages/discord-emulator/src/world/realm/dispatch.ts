/** An event on its way to the gateway: what happened, whom it may concern, and how each of them sees it. */
import type { Snowflake } from '../../api.ts'
import type { EventName } from '../../rules/intents.ts'

/** The bot that looks: whose `me` flags are meant, and what its intents let it see. */
export interface Viewer {
  readonly userId: Snowflake
  /** Sees content, embeds, attachments and components of other people's messages (MESSAGE_CONTENT). */
  readonly content: boolean
  /** Sees other members of threads (GUILD_MEMBERS). */
  readonly members: boolean
}

export interface Dispatch {
  readonly event: EventName
  readonly guildId: Snowflake
  /** Belongs to no guild: a direct message, or what only one person sees. Other intents admit it. */
  readonly direct?: boolean
  /** VIEW_CHANNEL is asked of this channel or thread; without it, of none. */
  readonly channelId?: Snowflake
  /** What the event is about, for the journal. */
  readonly subjectId: Snowflake | undefined
  /** Users the event is about: some events need fewer intents when they concern the bot itself. */
  readonly about?: readonly Snowflake[]
  /** Only this user's sessions, member of the guild or not. */
  readonly to?: Snowflake
  payload(viewer: Viewer): unknown
}
