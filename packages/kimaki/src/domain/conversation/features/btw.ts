/**
 * A question aside: `. btw` in a thread with a session. It is asked in a thread of its own, in a copy of the session, and the run that
 * goes on here never hears of it:
 *
 *     waiting ──(session open, no other is forking)──▶ forking ──▶ opening ──▶ asked
 *                                                         └───────────┴──▶ failed
 *
 * `forking`: the session is being copied. `opening`: a thread is opened for the copy and the question put into its inbox, where it begins
 * a conversation (`begin-conversation`). The copy comes first, so that no thread is opened for nothing. One copy at a time: its mark stands
 * in the source while it is made. A question that is under way outlives the turn.
 */
import { btwNameFrom } from '../../naming.ts'
import { answersFor, type IncomingMessage } from '../../message/incoming.ts'
import type { Fork } from '../../agent.ts'
import { beginConversationEffect, type BeginConversation, type ConversationBegun } from '../begin.ts'
import type { Effect, Outcome } from '../effect.ts'
import { defineFeature, keep, onOutcome, type FeatureChange, type TakenMessage } from '../feature.ts'
import { promptIdOf } from '../prompt.ts'
import { wordsOf } from '../run/edit.ts'
import type { Conversation } from '../state.ts'

export interface BtwQuestion {
  /** Of the prompt it becomes. */
  readonly id: string
  /** Without its suffix. */
  readonly message: IncomingMessage
  readonly phase: BtwPhase
  /** What came too late and was told: the question may outlive the turn it was told in. */
  readonly late?: readonly ('edited' | 'deleted')[]
}

export type BtwPhase =
  | { readonly kind: 'waiting' | 'forking' | 'opening' }
  | { readonly kind: 'asked'; readonly threadId: string }
  /** The line people read. */
  | { readonly kind: 'failed'; readonly text: string }

/** Copies the session for a question; what runs in it goes on. */
export interface ForkSession extends Effect {
  readonly kind: 'fork'
  readonly promptId: string
  readonly directory: string
  readonly session: string
  readonly mark: string
  readonly title: string
  readonly message: IncomingMessage
  readonly guildId: string
  readonly userId: string | undefined
}

export type ForkOutcome = Outcome<{ readonly kind: 'forked'; readonly fork: Fork }>

type BtwSlice = readonly BtwQuestion[]

const isUnderWay = ({ phase }: BtwQuestion): boolean => phase.kind !== 'asked' && phase.kind !== 'failed'

export const btw = defineFeature<BtwSlice>({
  name: 'btw',
  version: 1,
  initial: [],
  takes: { btw: take },
  hasTaken: (questions, id) => questions.some((question) => question.id === id),
  on: {
    'message-deleted': (questions, { messageId }) => keep(recordLate(questions, promptIdOf(messageId), 'deleted')),
    'message-edited'(questions, { message }) {
      const question = questions.find(({ id }) => id === promptIdOf(message.id))
      const isReworded = question && question.message.text !== wordsOf(message)
      return keep(isReworded ? recordLate(questions, question.id, 'edited') : questions)
    },
  },
  due: forkNext,
  outcomes: {
    fork: onOutcome(onForked),
    'begin-conversation': onOutcome(onBegun),
  },
  isBusy: (questions) => questions.some(isUnderWay),
  closeTurn: (questions) => (questions.every(isUnderWay) ? questions : questions.filter(isUnderWay)),
})

/** Where there is no session to copy, it is asked like anything else; so is a question to somebody else, or none at all. */
function take(
  questions: BtwSlice,
  { id, message, intent }: TakenMessage & { readonly intent: { readonly kind: string; readonly text?: string } },
  { session }: Conversation,
): FeatureChange<BtwSlice> | undefined {
  const text = intent.text ?? ''
  const { attachments, quotes = [], namesOther, inThread } = message
  const isQuestion = !namesOther && (text !== '' || attachments.length + quotes.length > 0)
  if (!isQuestion || !inThread || session.kind === 'none') return undefined
  return keep(ask(questions, id, { ...message, text }))
}

const recordLate = (questions: BtwSlice, id: string, what: 'edited' | 'deleted'): BtwSlice =>
  questions.some((question) => question.id === id && !question.late?.includes(what))
    ? questions.map((question) => (question.id === id ? { ...question, late: [...(question.late ?? []), what] } : question))
    : questions

const ask = (questions: BtwSlice, id: string, message: IncomingMessage): BtwSlice => [
  ...questions,
  { id, message, phase: { kind: 'waiting' } },
]

function forkNext(questions: BtwSlice, state: Conversation): FeatureChange<BtwSlice> {
  const { session } = state
  const next = questions.find(({ phase }) => phase.kind === 'waiting')
  if (!next || questions.some(({ phase }) => phase.kind === 'forking')) return keep(questions)
  const { id, message } = next
  if (session.kind === 'none') return forkNext(move(questions, id, { kind: 'failed', text: NO_SESSION }), state)
  if (session.kind === 'opening') return keep(questions)
  const fork: ForkSession = {
    key: `fork/${id}`,
    kind: 'fork',
    owner: 'btw',
    promptId: id,
    directory: state.directory,
    session: session.id,
    mark: `btw:${message.id}`,
    title: btwNameFrom(message.titleText),
    message,
    guildId: state.guildId,
    userId: answersFor(message),
  }
  return { slice: move(questions, id, { kind: 'forking' }), effects: [fork] }
}

function onForked(before: BtwSlice, effect: ForkSession, outcome: ForkOutcome, state: Conversation): FeatureChange<BtwSlice> {
  const { promptId, message, session, title: name } = effect
  const questions = withQuestion(before, promptId, message)
  if (outcome.kind !== 'forked') return keep(fail(questions, promptId, outcome))
  const { session: copy, upTo, as: answeredBy } = outcome.fork
  const open = beginConversationEffect(state, {
    owner: 'btw',
    id: promptId,
    requestKey: `btw:${message.id}`,
    afterId: message.id,
    message,
    begins: { name, session: { id: copy, upTo, answeredBy }, copyOf: { threadId: message.channelId, session } },
  })
  return { slice: move(questions, promptId, { kind: 'opening' }), effects: [open] }
}

function onBegun(before: BtwSlice, { id, message }: BeginConversation, outcome: ConversationBegun): FeatureChange<BtwSlice> {
  const questions = withQuestion(before, id, message)
  if (outcome.kind !== 'begun') return keep(fail(questions, id, outcome))
  return keep(move(questions, id, { kind: 'asked', threadId: outcome.threadId }))
}

/** The slice may have been unreadable since: the effect knows all of it. */
const withQuestion = (questions: BtwSlice, id: string, message: IncomingMessage): BtwSlice =>
  questions.some((question) => question.id === id) ? questions : ask(questions, id, message)

const fail = (questions: BtwSlice, id: string, outcome: Exclude<ForkOutcome, { kind: 'forked' }> | ConversationBegun): BtwSlice =>
  move(questions, id, {
    kind: 'failed',
    text: outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}`,
  })

const move = (questions: BtwSlice, id: string, phase: BtwPhase): BtwSlice =>
  questions.map((question) => (question.id === id ? { ...question, phase } : question))

const NO_SESSION = '✗ not asked aside: this thread has no session\nSend the question without `. btw`.'
