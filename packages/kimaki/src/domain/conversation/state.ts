/**
 * A conversation: a thread, a session and the prompts between them.
 *
 * Invariants
 *  1. Prompts stand in order of arrival, and are handed over in that order, one at a time: at most one is `handing`.
 *  2. A prompt is never handed over twice under different ids; it is re-sent only as the newest user message without a final
 *     answer, and only when no tool had started (decision 6).
 *  3. A block key enters `posted` in the commit that records its post, and never leaves it before the turn is settled.
 *  4. What the agent says (`messages`, `status`) is a mirror: losing it loses nothing, a snapshot brings it back. Until it has
 *     (`mirrored` is false after a start or a gap in the stream), nothing of it is shown and nothing is settled.
 *  5. A turn is settled when the session is idle, every prompt has ended and every block has its post on record.
 */
import type { Verbosity } from '../prefs.ts'
import type { AgentFailure, AgentMessage, Ask, SessionStatus, TurnFacts } from './agent.ts'
import type { Prompt } from './prompt.ts'

export interface Conversation {
  /** The id of the thread, and of the message the thread begins with (Discord: thread id = message id). */
  readonly id: string
  /** Salt of derived ids, one per installation: OpenCode's message ids are global. */
  readonly install: string
  readonly guildId: string
  /** The project channel. */
  readonly channelId: string
  readonly directory: string
  readonly verbosity: Verbosity
  readonly thread: Thread
  readonly session: Session
  /** Not yet settled, in order of arrival. */
  readonly prompts: readonly Prompt[]
  /** The open turn as OpenCode tells it: messages created after `settledAt`, oldest first. */
  readonly messages: readonly AgentMessage[]
  readonly status: SessionStatus
  /** `messages` are complete: nothing the session says is missing. */
  readonly mirrored: boolean
  /** A provider or configuration error that named no message; explains a run that ends without an answer. */
  readonly failure: AgentFailure | undefined
  /** Asks of the open turn, all rejected at once until asking is built. */
  readonly asks: readonly RejectedAsk[]
  /** Text parts that a long-running tool has overtaken: how much of them was closed early, in UTF-16 units. */
  readonly sealed: Readonly<Record<string, number>>
  readonly footers: Readonly<Record<string, TurnFacts>>
  /** OpenCode's clock: user messages created up to here, and their answers, are history. */
  readonly settledAt: number
  /** Keys of the open turn's blocks that have a post on record. */
  readonly posted: ReadonlySet<string>
  /** Posts on record that Discord has not confirmed yet, in order. */
  readonly outbox: readonly Post[]
  readonly title: {
    /** The last name we gave the thread. */ readonly synced: string | undefined
    /** A person named it. */ readonly theirs: boolean
  }
  /** An idle session whose newest message has no answer, and since when it looks so. */
  readonly suspect: { readonly newest: string; readonly since: number } | undefined
}

export interface RejectedAsk extends Ask {
  /** The newest user message when it was asked: the run it stopped. */
  readonly during: string | undefined
}

export type Thread =
  | { readonly kind: 'none' | 'opening' | 'gone' }
  | { readonly kind: 'open'; readonly id: string }
  /** It could not be opened: the end is told in the project channel. */
  | { readonly kind: 'failed' }

export type Session = { readonly kind: 'none' | 'opening' } | { readonly kind: 'open'; readonly id: string }

/** One Discord message that is to be created, exactly as it was decided. */
export interface Post {
  /** Derived from the conversation and the first block: also seeds the nonce. */
  readonly id: string
  readonly channelId: string
  readonly blocks: readonly string[]
  readonly content: string
  readonly file: { readonly name: string; readonly text: string } | undefined
  readonly notify: boolean
  /** Discord refused it once: `content` is the fallback line now. */
  readonly fallback: boolean
}

export interface ConversationFacts {
  readonly id: string
  readonly install: string
  readonly guildId: string
  readonly channelId: string
  readonly directory: string
  readonly verbosity: Verbosity
  /** The thread exists already: the conversation begins inside it. */
  readonly inThread: boolean
}

export function beginConversation(facts: ConversationFacts): Conversation {
  const { inThread, ...rest } = facts
  return {
    ...rest,
    thread: inThread ? { kind: 'open', id: facts.id } : { kind: 'none' },
    session: { kind: 'none' },
    prompts: [],
    messages: [],
    status: { kind: 'idle' },
    mirrored: true,
    failure: undefined,
    asks: [],
    sealed: {},
    footers: {},
    settledAt: 0,
    posted: new Set(),
    outbox: [],
    title: { synced: undefined, theirs: false },
    suspect: undefined,
  }
}
