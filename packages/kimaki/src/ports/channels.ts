/** The channels of a server, made and deleted. */
import type { ChannelKind } from '../domain/channel.ts'
import type { ChatError } from './chat-error.ts'

export interface GuildChannel {
  readonly id: string
  readonly name: string
  readonly kind: ChannelKind
  /** The category of a channel. */
  readonly parentId: string | undefined
  /** Empty when it has none. */
  readonly topic: string
}

export interface GuildMember {
  readonly id: string
  /** As the server shows it. */
  readonly name: string
}

export interface GuildName {
  readonly id: string
  readonly name: string
}

export interface ActiveThread {
  readonly id: string
  /** Its newest message, or its own id. */
  readonly newestId: string
}

export interface ChannelsPort {
  /** The servers the bot is in, the first 200 (Discord docs: Get Current User Guilds). */
  servers(): Promise<readonly GuildName[] | ChatError>
  /** Members whose user name or nickname begins with `query` (Discord docs: Search Guild Members). */
  members(guildId: string, query: string, limit: number): Promise<readonly GuildMember[] | ChatError>
  /** Those that the bot may see, without threads (Discord docs: Get Guild Channels). */
  list(guildId: string): Promise<readonly GuildChannel[] | ChatError>
  /** Needs Manage Channels. Done twice, there are two (Discord docs: Create Guild Channel). */
  create(
    guildId: string,
    channel: {
      readonly kind: 'text' | 'category'
      readonly name: string
      readonly parentId?: string | undefined
      /** At most 1024 characters. */
      readonly topic?: string
    },
  ): Promise<{ readonly id: string } | ChatError>
  /** The threads that are not archived (Discord docs: List Active Guild Threads). */
  activeThreads(guildId: string): Promise<readonly ActiveThread[] | ChatError>
  /**
   * Puts a thread away; whoever writes in it brings it back (Discord docs: Modify Channel). With `idleSince` it is left alone when it is archived, or
   * when something was written in it that is newer than this snowflake: both are looked for first.
   */
  archive(threadId: string, idleSince?: string): Promise<'archived' | 'left' | ChatError>
  /** Needs Manage Channels; one that is not there is `ChatGone` (Discord docs: Delete Channel). */
  remove(channelId: string): Promise<undefined | ChatError>
}
