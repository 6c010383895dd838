/**
 * Permissions and questions of the agent. Files that people sent in this thread, and in the one it is a copy of, may be opened: the prompt
 * names their paths. All other asks are rejected at once until asking is built, each with a line that names it.
 */
import type { Ask } from '../../agent.ts'
import type { Effect, Outcome } from '../effect.ts'
import { defineFeature, keep, onOutcome, type FeatureChange } from '../feature.ts'
import { newestUser } from '../run/derive.ts'
import { copiedFrom } from './copied-from.ts'
import type { Conversation } from '../state.ts'

export interface RejectedAsk extends Ask {
  /** The newest user message when the agent asked: the run it stopped. */
  readonly during: string | undefined
  /** Its server died before it was told "no". */
  readonly expired?: true
}

export interface RejectAsk extends Effect {
  readonly kind: 'reject-ask'
  readonly directory: string
  readonly ask: Ask
}

export interface AllowAsk extends Effect {
  readonly kind: 'allow-ask'
  readonly directory: string
  readonly ask: Ask
}

type AsksSlice = readonly RejectedAsk[]

export const asks = defineFeature<AsksSlice>({
  name: 'asks',
  version: 1,
  initial: [],
  on: { agent: (known, { event }, state) => (event.kind === 'asked' ? answer(known, event.ask, state) : keep(known)) },
  outcomes: { 'reject-ask': onOutcome(onRejected), 'allow-ask': keep },
  hasStopped: (known, userMessageId) => known.some(({ during, expired }) => during === userMessageId && !expired),
  closeTurn: (known) => (known.length === 0 ? known : []),
})

function answer(known: AsksSlice, ask: Ask, state: Conversation): FeatureChange<AsksSlice> {
  if (ask.filesOf === undefined || ![state.id, ...copiedFrom.of(state)].includes(ask.filesOf)) return reject(known, ask, state)
  const effect: AllowAsk = { key: `allow-ask/${ask.id}`, kind: 'allow-ask', owner: 'asks', directory: state.directory, ask }
  return { slice: known, effects: [effect] }
}

function reject(known: AsksSlice, ask: Ask, state: Conversation): FeatureChange<AsksSlice> {
  if (known.some(({ id }) => id === ask.id)) return keep(known)
  const effect: RejectAsk = { key: `reject-ask/${ask.id}`, kind: 'reject-ask', owner: 'asks', directory: state.directory, ask }
  return { slice: [...known, { ...ask, during: newestUser(state)?.id }], effects: [effect] }
}

function onRejected(known: AsksSlice, { ask: { id } }: RejectAsk, outcome: Outcome): FeatureChange<AsksSlice> {
  return keep(outcome.kind === 'gone' ? known.map((ask) => (ask.id === id ? { ...ask, expired: true } : ask)) : known)
}
