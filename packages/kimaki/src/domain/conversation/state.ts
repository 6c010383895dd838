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
 *  5. At most one question aside is `forking`, and none is dropped before it has ended.
 *  6. A turn is settled when the session is idle, every prompt has ended and every block has its post on record.
 *  7. A shell command is in no turn: it is begun at most once, and one that has not ended outlives the settling, with its card.
 */
import type { Verbosity } from '../prefs.ts'
import type { AgentFailure, AgentMessage, Ask, SessionStatus, TurnFacts } from './agent.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import type { Prompt } from './prompt.ts'
import type { ShellCommand } from './shell.ts'

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
  readonly thread: Thread
  readonly session: Session
  /** Not yet settled, in order of arrival. */
  readonly prompts: readonly Prompt[]
  /** Those of people, oldest first: that have not ended, or whose end is not settled. */
  readonly commands: readonly ShellCommand[]
  /** The open turn as OpenCode tells it: messages created after `settledAt`, oldest first. */
  readonly messages: readonly AgentMessage[]
  readonly status: SessionStatus
  /** `messages` are complete: nothing the session says is missing. */
  readonly mirrored: boolean
  /** A provider or configuration error that named no message; explains a run that ends without an answer. */
  readonly failure: AgentFailure | undefined
  /** What the provider refused for now, in the open turn: OpenCode asks it again by itself. */
  readonly retries: Retries | undefined
  /** Looks in a row at a run that waits for its model without a sign of life (see `silence.ts`); only mirrored. */
  readonly silentLooks: number
  /** Steps of the open turn that were stopped for a newer message: both by OpenCode's message ids. */
  readonly interrupts: readonly { readonly by: string; readonly step: string }[]
  /** The prompt for whose sake the run is being stopped: meanwhile none is handed over. Not on record: the effect is. */
  readonly interrupting: string | undefined
  /** Edits and deletes that came when the agent had the message already. */
  readonly late: readonly LateChange[]
  /** Questions that are on their way to a thread of their own (see `aside.ts`). */
  readonly asides: readonly Aside[]
  /** Asks of the open turn, all rejected at once until asking is built. */
  readonly asks: readonly RejectedAsk[]
  /** Text parts that a long-running tool has overtaken: how much of them was closed early, in UTF-16 units. */
  readonly sealed: Readonly<Record<string, number>>
  readonly footers: Readonly<Record<string, TurnFacts>>
  /** OpenCode's clock: user messages created up to here, and their answers, are history. */
  readonly settledAt: number
  /** Keys of the open turn's blocks that have a post on record; a part's is `part/prt_x`. */
  readonly posted: ReadonlySet<string>
  /** Posts on record that Discord has not confirmed yet, in order. */
  readonly outbox: readonly Post[]
  /** Posts of the open turn whose text may still change: live notices. */
  readonly cards: readonly Card[]
  readonly title: {
    /** The last name we gave the thread. */ readonly synced: string | undefined
    /** A person named it. */ readonly theirs: boolean
  }
  /** An idle session whose newest message has no answer, or that lacks (`lost`) a message it had, and since when it looks so. */
  readonly suspect: { readonly message: string; readonly lost: boolean; readonly since: number } | undefined
}

export interface LateChange {
  readonly promptId: string
  readonly what: 'edited' | 'deleted'
}

export interface Aside {
  /** Of the prompt it becomes. */
  readonly id: string
  /** Without its suffix. */
  readonly message: IncomingMessage
  readonly phase: AsidePhase
}

export type AsidePhase =
  | { readonly kind: 'waiting' | 'forking' | 'opening' }
  | { readonly kind: 'asked'; readonly threadId: string }
  /** The line people read. */
  | { readonly kind: 'failed'; readonly text: string }

export interface Retries {
  /** The newest user message when it began: one notice a run. */
  readonly during: string
  /** How often the provider was asked again. */
  readonly times: number
  /** OpenCode's number of the last attempt; it begins anew with each step of a run. */
  readonly attempt: number
  /** What the provider said last. */
  readonly message: string
}

export interface RejectedAsk extends Ask {
  /** The newest user message when it was asked: the run it stopped. */
  readonly during: string | undefined
  /** Its server died before it was told "no". */
  readonly expired?: true
}

export type Thread =
  | { readonly kind: 'none' | 'opening' | 'gone' }
  | { readonly kind: 'open'; readonly id: string }
  /** It could not be opened: the end is told in the project channel. */
  | { readonly kind: 'failed' }

export type Session = { readonly kind: 'none' } | { readonly kind: 'opening' } | { readonly kind: 'open'; readonly id: string }

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
  /** Its text may change later: it has a card. */
  readonly live: boolean
  readonly buttons: readonly Button[]
}

/** A message of ours that follows the state by edits. Edited until it shows its face; an edit may be done again. */
export interface Card {
  readonly postId: string
  readonly channelId: string
  /** Key of its block. */
  readonly key: string
  /** What it should show. */
  readonly face: Face
  /** The face Discord is known to show, as text; undefined before the post is confirmed. */
  readonly shown: string | undefined
  readonly messageId: string | undefined
}

export interface Face {
  /** 1 to 2000 UTF-16 units. */
  readonly text: string
  readonly buttons: readonly Button[]
}

export interface Button {
  /** At most 100 characters, and all that is known of it after a restart (see `on-press.ts`). */
  readonly id: string
  readonly label: string
}

export const faceText = (face: Face): string => JSON.stringify([face.text, face.buttons.map(({ id, label }) => [id, label])])

/** Posted, and not showing what it should. */
export const isStale = (card: Card): card is Card & { readonly messageId: string } =>
  card.messageId !== undefined && card.shown !== faceText(card.face)

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
    commands: [],
    messages: [],
    status: { kind: 'idle' },
    mirrored: true,
    failure: undefined,
    retries: undefined,
    silentLooks: 0,
    interrupts: [],
    late: [],
    asides: [],
    interrupting: undefined,
    asks: [],
    sealed: {},
    footers: {},
    settledAt: 0,
    posted: new Set(),
    outbox: [],
    cards: [],
    title: { synced: undefined, theirs: false },
    suspect: undefined,
  }
}
