/** What survives: rows. A batch is written whole or not at all; nothing may leave the process before its batch has resolved. */
import type { Asked } from '../domain/conversation/input.ts'
import type { Effect } from '../domain/conversation/effect.ts'
import type { Prompt } from '../domain/conversation/prompt.ts'
import type { Card, Conversation, Post } from '../domain/conversation/state.ts'
import type { ServerMemory } from './agent.ts'
import type { GatewayPosition, IdentifyMemory } from './chat.ts'

export interface Batch {
  /** What is to be accepted; one whose key is known is left alone. */
  readonly accept?: readonly Acceptance[]
  readonly position?: GatewayPosition | undefined
  /** Newest message id of each channel or thread that has been looked at. */
  readonly cursors?: readonly Cursor[]
  /** Channels whose past is being read from `since` on, until their threads have been read too. One that is begun already stays as it is. */
  readonly unread?: {
    readonly begin?: readonly { readonly channelId: string; readonly since: string }[]
    readonly end?: readonly string[]
  }
  /** Inbox rows that are done. */
  readonly done?: readonly number[]
  /** An inbox row whose handling failed: one more try is on record before it runs again. */
  readonly tried?: { readonly order: number; readonly error: string }
  readonly conversation?: ConversationRows
  /** A post of a conversation that cannot take any input: written beside its state, which stays as it is. */
  readonly lastWord?: { readonly place: ConversationPlace; readonly post: Post }
}

export interface Acceptance {
  /** Unique: the same thing asked twice is one row, e.g. `discord:1234`. */
  readonly key: string
  readonly asked: Asked
  readonly conversation: ConversationPlace
  /** Unix ms. */
  readonly at: number
}

/** Where a conversation lives: enough to begin it. */
export interface ConversationPlace {
  readonly id: string
  readonly guildId: string
  readonly channelId: string
  readonly directory: string
  readonly inThread: boolean
}

export interface Cursor {
  readonly channelId: string
  readonly messageId: string
}

/** The difference a step made. */
export interface ConversationRows {
  readonly state: Conversation
  /** Prompts that are new or changed. */
  readonly prompts: readonly Prompt[]
  readonly effects: readonly Effect[]
  readonly effectsDone: readonly string[]
  /** New posts, or posts whose content was replaced. */
  readonly posts: readonly Post[]
  /** Cards that are new or changed; the post of a new one is in `posts`. */
  readonly cards: readonly Card[]
  readonly sent: readonly { readonly postId: string; readonly messageId: string }[]
  readonly dropped: readonly string[]
  /** The turn is settled: its prompts and posts are history, but for what waits in the queue. */
  readonly settled: boolean
}

export interface InboxRow {
  readonly order: number
  readonly at: number
  readonly asked: Asked
  readonly conversation: ConversationPlace
  readonly tries: number
  readonly error: string | undefined
}

export interface LoadedConversation {
  /** Undefined when nothing but inbox rows is known of it. */
  readonly state: Conversation | undefined
  readonly inbox: readonly InboxRow[]
  /** Effects on record that have not ended. */
  readonly effects: readonly Effect[]
}

export interface Project {
  readonly channelId: string
  readonly guildId: string
  readonly directory: string
}

export type Committed =
  | {
      readonly ok: true
      /** Inbox rows that were new, in the order of `accept`; a known message has none. */ readonly accepted: readonly InboxRow[]
    }
  /** `lasting`: the batch itself is at fault, writing it again is of no use. */
  | { readonly ok: false; readonly message: string; readonly lasting?: true }

export interface StorePort {
  /** Random, made once per data folder: salt of derived ids. */
  readonly installId: string
  commit(batch: Batch): Promise<Committed>
  load(conversationId: string): Promise<LoadedConversation>
  /** Conversations with anything unfinished. */
  openConversations(): Promise<readonly string[]>
  /** Is there a conversation (or an accepted message of one) with this id? */
  knows(conversationId: string): Promise<boolean>
  /** The conversation that accepted this, by the key of its acceptance. */
  acceptedIn(key: string): Promise<string | undefined>
  conversationOfSession(session: string): Promise<string | undefined>
  /** The newest message of ours in the conversation that Discord confirmed. */
  lastSent(conversationId: string): Promise<string | undefined>
  /** Is this Discord message recorded as one of our posts? */
  isOurs(messageId: string): Promise<boolean>
  position(): Promise<GatewayPosition | undefined>
  cursors(): Promise<ReadonlyMap<string, string>>
  /** Channels whose past has not been read to its end, and since when. */
  unread(): Promise<ReadonlyMap<string, string>>
  projects(): Promise<readonly Project[]>
  /** Links a channel to a folder (replacing what it was linked to); `cursor` is where its messages begin to count, if that is known. */
  linkProject(project: Project, cursor: string | undefined): Promise<void>
  /** Folders of projects, the one that was spoken in or linked last first; looks back over the newest messages only. */
  recentProjects(): Promise<readonly string[]>
  /** The OpenCode servers on record. */
  readonly servers: ServerMemory
  readonly identifies: IdentifyMemory
  close(): Promise<void>
}
