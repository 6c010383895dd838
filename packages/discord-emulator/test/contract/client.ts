/**
 * What the contract suite asks of a client library. Everything that comes back has been through the library's own parsing: a name of a
 * user is the one the library resolved, not the one in the payload. Everything that goes in is Discord's JSON.
 */
import type { ChannelType, MessageFlags } from 'discord-api-types/v10'
import type { Bot, Emulator } from '../../src/index.ts'

/** Makes a client for a bot; nothing is connected yet. `tell` is called with what the library emits, in its order. */
export type Connect = (emulator: Emulator, bot: Bot, tell: (heard: Heard) => void) => ContractClient

export interface Draft {
  readonly content?: string
  readonly embeds?: readonly object[]
  readonly components?: readonly object[]
  readonly files?: readonly { readonly name: string; readonly data: Buffer }[]
  /** Message id. */
  readonly replyTo?: string
  readonly flags?: MessageFlags
}

export interface Modal {
  readonly custom_id: string
  readonly title: string
  readonly components: readonly object[]
}

/** A message as the library shows it. */
export interface Seen {
  readonly id: string
  readonly channelId: string
  readonly author: string
  readonly content: string
  readonly type: number
  readonly embeds: readonly string[]
  readonly customIds: readonly string[]
  readonly files: readonly { readonly name: string; readonly size: number; readonly url: string }[]
  /** Emoji and count. */
  readonly reactions: readonly (readonly [string, number])[]
  readonly replyTo: string | undefined
  readonly pinned: boolean
}

export interface SeenThread {
  readonly id: string
  readonly name: string
  readonly parentId: string
  readonly archived: boolean
  readonly locked: boolean
  readonly type: number
}

/** Names, sorted. */
export interface Cached {
  readonly guilds: readonly string[]
  readonly channels: readonly string[]
  readonly threads: readonly string[]
  readonly roles: readonly string[]
}

export type Heard =
  | { readonly kind: 'message'; readonly message: Seen }
  | { readonly kind: 'edited'; readonly message: Seen }
  | { readonly kind: 'deleted'; readonly id: string }
  | { readonly kind: 'reacted'; readonly messageId: string; readonly emoji: string; readonly userId: string }
  | { readonly kind: 'thread'; readonly thread: SeenThread }
  | { readonly kind: 'thread-changed'; readonly thread: SeenThread }
  | { readonly kind: 'asked'; readonly question: Question }

/** An interaction. Users, roles, channels and files are given by the names the library resolved. */
export interface Question {
  readonly what: 'command' | 'component' | 'autocomplete' | 'modal'
  /** `queue add`, or a custom_id. */
  readonly name: string
  readonly user: string
  readonly options: Readonly<Record<string, string | number | boolean>>
  readonly focused: string | undefined
  readonly chosen: readonly string[]
  readonly fields: Readonly<Record<string, readonly string[]>>
  readonly reply: (draft: Draft) => Promise<unknown>
  readonly defer: (flags?: MessageFlags) => Promise<unknown>
  readonly editReply: (draft: Draft) => Promise<Seen>
  readonly deleteReply: () => Promise<unknown>
  readonly followUp: (draft: Draft) => Promise<unknown>
  readonly update: (draft: Draft) => Promise<unknown>
  readonly deferUpdate: () => Promise<unknown>
  readonly show: (modal: Modal) => Promise<unknown>
  readonly offer: (choices: readonly { readonly name: string; readonly value: string }[]) => Promise<unknown>
}

/** What a client keeps over a restart. */
export interface KeptSession {
  readonly id: string
  readonly sequence: number
  readonly resumeUrl: string
}

export interface ContractClient {
  /** Resolves when the library says that it is ready; with a session, that one is resumed. */
  connect(session?: KeptSession): Promise<void>
  stop(): Promise<void>
  /** Goes without a word, as a killed process does. */
  crash(): Promise<KeptSession>
  self(): string
  /** User names, asked for over the gateway. */
  guildMembers(guildId: string): Promise<readonly string[]>
  cached(): Cached
  send(channelId: string, draft: Draft): Promise<Seen>
  edit(channelId: string, messageId: string, draft: Draft): Promise<Seen>
  delete(channelId: string, messageId: string): Promise<unknown>
  fetch(channelId: string, messageId: string): Promise<Seen>
  history(channelId: string, page: { readonly limit: number; readonly before?: string }): Promise<readonly Seen[]>
  react(channelId: string, messageId: string, emoji: string): Promise<unknown>
  unreact(channelId: string, messageId: string, emoji: string): Promise<unknown>
  reactors(channelId: string, messageId: string, emoji: string): Promise<readonly string[]>
  pin(channelId: string, messageId: string): Promise<unknown>
  unpin(channelId: string, messageId: string): Promise<unknown>
  pins(channelId: string): Promise<readonly Seen[]>
  startThread(
    channelId: string,
    name: string,
    from: { readonly messageId: string } | { readonly type: ChannelType.PublicThread | ChannelType.PrivateThread },
  ): Promise<SeenThread>
  changeThread(
    threadId: string,
    change: { readonly archived?: boolean; readonly locked?: boolean; readonly name?: string },
  ): Promise<SeenThread>
  addMember(threadId: string, userId: string): Promise<unknown>
  members(threadId: string): Promise<readonly string[]>
  activeThreads(guildId: string): Promise<readonly string[]>
  archivedThreads(channelId: string): Promise<readonly string[]>
  declare(guildId: string, commands: readonly object[]): Promise<unknown>
}
