/**
 * The database as the product needs it: rows, written in batches. A batch is written whole or not at all; nothing may leave the process
 * before its batch has resolved.
 */
import type { BatchRejected, StoreUnavailable } from '../base/errors.ts'
import type { AllowanceChange, StandingAllowance } from '../domain/allowance.ts'
import type { ThreadRecord } from '../domain/conversation/inquiry/board.ts'
import type { SessionFilter, SessionRecord } from '../domain/conversation/inquiry/session-record.ts'
import type { MessageRecord } from '../domain/conversation/inquiry/where.ts'
import type { Request } from '../domain/conversation/request.ts'
import type { SaidInChannel } from '../domain/conversation/features/talk/bots.ts'
import type { Effect } from '../domain/conversation/effect.ts'
import type { Prompt } from '../domain/conversation/prompt.ts'
import type { EditablePost, Post } from '../domain/conversation/posts/post.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { TakenOver } from '../domain/conversation/features/commands/taken-over.ts'
import type { StoredPreference } from '../domain/models/preferences.ts'
import type { Offered } from '../domain/offered.ts'
import type { Verbosity } from '../domain/prefs.ts'
import type { TaskChange } from '../domain/schedule/task.ts'
import type { FolderTrust, FolderTrusts, ServerRecords } from './agent.ts'
import type { DeadDispatch, GatewayPosition, IdentifyRecords } from './chat.ts'
import type { TaskRecords } from './tasks.ts'

export interface Batch {
  /** What is to be accepted; a request whose key is known is left alone. */
  readonly accept?: readonly Acceptance[]
  readonly position?: GatewayPosition | undefined
  /** A dispatch that could not be read, and where it stood; of these the newest 200 are kept. Known ones are left alone. */
  readonly deadDispatch?: { readonly dispatch: DeadDispatch; readonly position: GatewayPosition; readonly at: number }
  /** Newest message id of each channel or thread that has been looked at. */
  readonly cursors?: readonly Cursor[]
  /** Channels whose past is being read from `since` on, until their threads have been read too. An existing mark is not overwritten. */
  readonly unread?: {
    readonly begin?: readonly { readonly channelId: string; readonly since: string }[]
    readonly end?: readonly string[]
  }
  /** Inbox rows that are done. */
  readonly done?: readonly number[]
  /** Commands that Discord knows to be received since `at` (Unix ms), by the order of their inbox rows. */
  readonly receipts?: readonly { readonly order: number; readonly at: number }[]
  /** An inbox row whose handling failed: one more try is on record before it runs again. */
  readonly tried?: { readonly order: number; readonly error: string }
  readonly conversation?: ConversationRows
  /** How much the threads of this channel show from now on. */
  readonly verbosity?: { readonly channelId: string; readonly level: Verbosity }
  /** What people have chosen for a channel, or for all of them. */
  readonly preferences?: readonly StoredPreference[]
  /** The message of ours that shows the board of this channel from now on; undefined: none. */
  readonly board?: { readonly channelId: string; readonly messageId: string | undefined }
  /** Tasks that are new or changed, and their runs. */
  readonly tasks?: readonly TaskChange[]
  /** A post of a conversation that cannot take any input: written beside its state, which stays as it is. */
  readonly fallbackPost?: { readonly place: ConversationPlace; readonly post: Post }
}

export interface Acceptance {
  /** Unique: the same thing asked twice is one row, e.g. `discord:1234`. */
  readonly key: string
  readonly request: Request
  readonly conversation: ConversationPlace
  /** Unix ms. */
  readonly at: number
  /** The row is not for its conversation before its receipt is on record (see `Receipt`). Commands need one. */
  readonly needsReceipt?: true
}

/** Where a conversation lives: enough to begin it. */
export interface ConversationPlace {
  readonly id: string
  readonly guildId: string
  /** The project channel. */
  readonly channelId: string
  readonly directory: string
  /** The place with this id is there already: the conversation never opens a thread of its own. */
  readonly inThread: boolean
}

/**
 * Does Discord know that the request was received, and since when (Unix ms)? It waits three seconds for an answer to a command, and the
 * person sees "did not respond" afterwards; so a command is carried out only with its receipt on record.
 *
 *   commit(needsReceipt) ─▶ 'awaited' ─ commit(receipts) ─▶ number        the process that committed the row
 *                                │
 *                                └─ the store is opened again ─▶ 'missed'   a later process: the person is told to run the command again
 *
 * Opening the store turns every `awaited` row into `missed`, since only one process has the store open. `load` gives neither an
 * `awaited` row nor any newer row of its conversation: the process that committed these hands them on itself, in their order.
 */
export type Receipt = 'not-needed' | 'awaited' | 'missed' | number

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
  /** Editable posts that are new or changed; the post of a new one is in `posts`. */
  readonly editable: readonly EditablePost[]
  readonly sent: readonly { readonly postId: string; readonly messageId: string }[]
  readonly dropped: readonly string[]
  /** Posts that are not edited any more. */
  readonly fixed: readonly string[]
  /** The turn is closed: its prompts and posts are history, but for the editable posts that outlive it. */
  readonly turnClosed: boolean
  /** What people allow for the project folder, from now on or no longer. */
  readonly allowances?: readonly AllowanceChange[]
}

export interface InboxRow {
  readonly order: number
  readonly at: number
  readonly request: Request
  readonly conversation: ConversationPlace
  readonly receipt: Receipt
  readonly tries: number
  readonly error: string | undefined
}

export interface LoadedConversation {
  /** Undefined when nothing but inbox rows is known of it. */
  readonly state: Conversation | undefined
  /** Of a thread of the older Kimaki in which nothing was said since: what it goes on with. */
  readonly takenOver?: TakenOver
  readonly inbox: readonly InboxRow[]
  /** Effects on record that have not ended. */
  readonly effects: readonly Effect[]
}

/** `isTrusted` undefined: nobody was asked. Then an earlier decision stays, and without one a folder is trusted that brings nothing. */
export interface TrustDecision {
  readonly isTrusted: boolean | undefined
  readonly programs: readonly string[]
}

export interface FolderRecords extends FolderTrusts {
  decide(directory: string, decision: TrustDecision): Promise<FolderTrust>
  /** A first channel was made in this server once, whether it is still there or not. */
  welcomed(guildId: string): boolean
  welcome(guildId: string, channelId: string): Promise<void>
}

/** What Discord was told of slash commands, and what they are made of. */
export interface CommandRecords {
  /** What OpenCode offers, by folder: as it was read last. */
  offered(): Promise<ReadonlyMap<string, Offered>>
  keepOffered(directory: string, offered: Offered): Promise<void>
  registered(place: RegisteredIn): Promise<Registered | undefined>
  keepRegistered(place: RegisteredIn, registered: Registered): Promise<void>
}

/** `guildId`: `global` for what stood in every guild. */
export interface RegisteredIn {
  readonly applicationId: string
  readonly guildId: string
}

export interface Registered {
  /** Of the commands that this installation has created there. */
  readonly names: readonly string[]
  /** Of all that Discord was told; undefined: it was not told all of it. */
  readonly hash: string | undefined
}

/** What may be cleaned up; `before` is in Unix ms. */
export interface UpkeepRecords {
  /** Conversations in which nothing is open and nothing was asked since, with their threads. */
  idleThreads(before: number): Promise<readonly { readonly id: string; readonly threadId: string; readonly guildId: string }[]>
  isIdle(conversationId: string, before: number): Promise<boolean>
  /** Requests that are done and older, whose words are still on record. */
  oldBodies(before: number): Promise<number>
  /** Takes the words of some of them away and tells of how many; their keys stay, so that nothing is done twice. 0: none is left. */
  dropSomeBodies(before: number): Promise<number>
}

export interface Project {
  readonly channelId: string
  readonly guildId: string
  readonly directory: string
}

/** The inbox rows that were new, in the order of `accept`; a known request has none. */
export type Committed = readonly InboxRow[] | BatchRejected | StoreUnavailable

export interface StorePort {
  /** Random, made once per data folder: salt of derived ids. */
  readonly installId: string
  commit(batch: Batch): Promise<Committed>
  load(conversationId: string): Promise<LoadedConversation>
  /** Conversations with anything unfinished. */
  openConversations(): Promise<readonly string[]>
  /** Is there a conversation (or an accepted message of one) with this id? */
  hasConversation(conversationId: string): Promise<boolean>
  /**
   * Messages accepted in this project channel and its threads, newest first, down to the newest by which a person asked the agent something
   * (that one included). Looks back over the newest 5000 rows only.
   */
  saidIn(channelId: string): Promise<readonly SaidInChannel[]>
  /** What is on record of a message in this channel or thread. */
  messageRecord(messageId: string, channelId: string): Promise<MessageRecord>
  /** The newest threads of a project channel. */
  threadsOf(channelId: string): Promise<readonly ThreadRecord[]>
  /** The messages that show boards, by their channels. */
  boards(): Promise<ReadonlyMap<string, string>>
  /** Sessions of threads, those used last first. */
  sessions(filter: SessionFilter): Promise<readonly SessionRecord[]>
  /** What became of the newest message that went to the agent there. */
  newestPrompt(conversationId: string): Promise<Prompt | undefined>
  /** The conversation that accepted this, by the key of its acceptance. */
  conversationOfRequest(key: string): Promise<string | undefined>
  conversationOfSession(session: string): Promise<string | undefined>
  /** The newest message of the conversation that Discord confirmed in this channel. */
  newestOwnMessage(conversationId: string, channelId: string): Promise<string | undefined>
  /** Is this Discord message recorded as one of our posts? */
  isOwnMessage(messageId: string): Promise<boolean>
  position(): Promise<GatewayPosition | undefined>
  cursors(): Promise<ReadonlyMap<string, string>>
  /** Channels whose past has not been read to its end, and since when. */
  unread(): Promise<ReadonlyMap<string, string>>
  projects(): Promise<readonly Project[]>
  /** What people have allowed, for all folders, oldest first. */
  allowances(): Promise<readonly StandingAllowance[]>
  /** By folder: sessions of terminals that were begun since then are shown (Unix ms). `at`: now; the first call is remembered. */
  mirroredSince(at: number): Promise<ReadonlyMap<string, number>>
  /** Links a channel to a folder (replacing what it was linked to); `cursor` is where its messages begin to count, if that is known. */
  linkProject(project: Project, cursor: string | undefined): Promise<void>
  /** Unlinks the channel; what was said there stays on record. */
  unlinkProject(channelId: string): Promise<void>
  /** Of channels for which somebody has set it. */
  verbosities(): Promise<ReadonlyMap<string, Verbosity>>
  preferences(): Promise<readonly StoredPreference[]>
  /**
   * Threads of the older Kimaki with their sessions, the one used last the last. A thread or session that a conversation has already is
   * left alone.
   */
  takeOver(threads: readonly (TakenOver & { readonly thread: string })[]): Promise<void>
  /** Folders of projects, the one that was spoken in or linked last first; looks back over the newest messages only. */
  recentProjects(): Promise<readonly string[]>
  /** The OpenCode servers on record. */
  readonly servers: ServerRecords
  readonly folders: FolderRecords
  readonly commands: CommandRecords
  readonly identifies: IdentifyRecords
  readonly upkeep: UpkeepRecords
  readonly tasks: TaskRecords
  close(): Promise<void>
}
