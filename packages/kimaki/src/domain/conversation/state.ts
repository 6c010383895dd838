/**
 * A conversation: a thread, a session, and the open turn between them.
 *
 * Invariants
 *  I1. Prompts stand in order of arrival, and are submitted in that order, one at a time: at most one is `sending`.
 *  I2. A prompt is never submitted under two ids; it is posted again only as the newest user message without a final
 *      answer, and only when no tool had started (docs/decisions/0002).
 *  I3. A block key enters `posts.posted` in the commit that records its post, and never leaves it before the turn is closed.
 *  I4. What the agent says (`turn.messages`, `turn.status`) is a replica: losing it loses nothing, a snapshot brings it back. Until it
 *      has (`turn.isSynced` is false after a start or a gap in the stream), nothing of it is shown and no turn is closed.
 *  I5. A turn is closed when the session is idle, every prompt has ended and every block has its post on record.
 *  I6. Only `run/` writes prompts, replica and status; only its own feature writes a slice.
 */
import { NO_PREFERENCES, type Preferences } from '../models/preferences.ts'
import type { Verbosity } from '../prefs.ts'
import type { AnsweredBy, AgentFailure, AgentMessage, SessionStatus, Subtask } from '../agent.ts'
import type { EditablePost, Post } from './posts/post.ts'
import type { Prompt } from './prompt.ts'

export interface Conversation {
  /** The id of the thread, and of the message it was opened from, if it was (Discord: thread id = message id). */
  readonly id: string
  /** Salt of derived ids, one per installation: OpenCode's message ids are global. */
  readonly install: string
  readonly guildId: string
  /** The project channel. */
  readonly channelId: string
  readonly directory: string
  readonly verbosity: Verbosity
  /** Of its channel, and of all channels: as they are on record when an input is taken. */
  readonly preferences: Preferences
  readonly thread: Thread
  readonly session: Session
  /** OpenCode's clock: user messages created up to here, and their answers, are history. */
  readonly closedUpTo: number
  /** What each feature remembers, by its name: read with `feature.of(conversation)`. */
  readonly features: Readonly<Record<string, unknown>>
  readonly turn: Turn
  readonly posts: Posts
}

/** The open turn: one value, replaced when the turn is closed. */
export interface Turn {
  /** In order of arrival. */
  readonly prompts: readonly Prompt[]
  /** What OpenCode said: messages created after `closedUpTo`, oldest first. */
  readonly messages: readonly AgentMessage[]
  /** What subagents did since the bot knows of them, by their sessions. A part of the replica that no snapshot brings back. */
  readonly subtasks: Readonly<Record<string, Subtask>>
  readonly status: SessionStatus
  /** `messages` are complete: nothing the session says is missing. */
  readonly isSynced: boolean
  /** A provider or configuration error that named no message; explains a run that ends without an answer. */
  readonly failure: AgentFailure | undefined
  /** The prompt for whose sake the run is being stopped: meanwhile none is submitted. Follows from the effects on record. */
  readonly interrupting: string | undefined
  /** An idle session whose newest message has no answer, or that lacks (`isLost`) a message it had, and since when it looks so. */
  readonly suspicion: { readonly message: string; readonly isLost: boolean; readonly since: number } | undefined
  /** Checks in a row of a run that waits for its model without a sign of life (see `run/watch/stall.ts`). */
  readonly stallChecks: number
}

export interface Posts {
  /** Keys of the open turn's blocks that have a post on record; a part's is `part/prt_x`. */
  readonly posted: ReadonlySet<string>
  /** Posts on record that Discord has not confirmed yet, in order. */
  readonly outbox: readonly Post[]
  /** Posts whose content may still change. */
  readonly editable: readonly EditablePost[]
}

/** How each field survives a restart; a field that is missing here does not compile. */
const KEPT_AS: Readonly<Record<keyof Conversation, 'column' | 'cache' | 'rows and replica' | 'rows of others'>> = {
  id: 'column',
  install: 'column',
  guildId: 'column',
  channelId: 'column',
  directory: 'column',
  verbosity: 'cache',
  preferences: 'rows of others',
  thread: 'cache',
  session: 'cache',
  closedUpTo: 'cache',
  features: 'cache',
  turn: 'rows and replica',
  posts: 'rows and replica',
}

/** Fields of the small versioned cache: what neither tables nor a snapshot can tell. */
export const CACHED = (Object.keys(KEPT_AS) as (keyof Conversation)[]).filter((field) => KEPT_AS[field] === 'cache')

export type Thread =
  | { readonly kind: 'none' | 'opening' | 'gone' }
  /** `fromPrompt`: opened from the message that began the conversation, which the agent gets as a prompt. */
  | { readonly kind: 'open'; readonly id: string; readonly fromPrompt?: true }
  /** It could not be opened: the end is told in the project channel. */
  | { readonly kind: 'failed' }
  /** None is needed: the conversation only begins another one, and speaks in the project channel. */
  | { readonly kind: 'channel' }

export type Session = { readonly kind: 'none' } | { readonly kind: 'opening' } | BoundSession

interface BoundSession {
  readonly kind: 'open'
  readonly id: string
  /** Who answers in it, where the session itself cannot tell: of a copy. */
  readonly answeredBy?: AnsweredBy
  /** Unix ms. What was written in it up to here was copied: whoever works on that works in another session. */
  readonly copiedUpTo?: number
}

export const NEW_TURN: Turn = {
  prompts: [],
  messages: [],
  subtasks: {},
  status: { kind: 'idle' },
  isSynced: true,
  failure: undefined,
  interrupting: undefined,
  suspicion: undefined,
  stallChecks: 0,
}

export const NO_POSTS: Posts = { posted: new Set(), outbox: [], editable: [] }

export interface ConversationFacts {
  readonly id: string
  readonly install: string
  readonly guildId: string
  readonly channelId: string
  readonly directory: string
  readonly verbosity: Verbosity
  readonly preferences?: Preferences
  /** The thread exists already: the conversation begins inside it. */
  readonly inThread: boolean
}

export function beginConversation({ inThread, ...facts }: ConversationFacts): Conversation {
  return {
    preferences: NO_PREFERENCES,
    ...facts,
    thread: inThread ? { kind: 'open', id: facts.id } : { kind: 'none' },
    session: { kind: 'none' },
    closedUpTo: 0,
    features: {},
    turn: NEW_TURN,
    posts: NO_POSTS,
  }
}

/** The same conversation with another turn; the very same one when nothing changes. */
export function inTurn(state: Conversation, news: Partial<Turn>): Conversation {
  for (const field in news)
    if (state.turn[field as keyof Turn] !== news[field as keyof Turn]) return { ...state, turn: { ...state.turn, ...news } }
  return state
}

/** Everybody who writes to Discord for this conversation writes here; undefined: nobody may yet. */
export function channelOf({ thread, channelId }: Conversation): string | undefined {
  if (thread.kind === 'open') return thread.id
  return thread.kind === 'none' || thread.kind === 'opening' ? undefined : channelId
}
