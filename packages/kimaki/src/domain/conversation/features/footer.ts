/** The footer below an answer: a run that is over is ended once the facts of its footer have come. */
import type { AssistantMessage, TurnFacts } from '../../agent.ts'
import type { Action } from '../effect.ts'
import { defineFeature, type FeatureChange } from '../feature.ts'
import { answerToTell } from '../run/finish.ts'
import type { Conversation } from '../state.ts'

/** By the id of the answer. */
export type FooterSlice = Readonly<Record<string, TurnFacts>>

export interface CollectFooter extends Action {
  readonly kind: 'collect-footer'
  readonly answer: AssistantMessage
  /** Unix ms. */
  readonly startedAt: number
}

export interface FooterReport {
  readonly answerId: string
  readonly facts: TurnFacts
}

export const footer = defineFeature<FooterSlice>({
  name: 'footer',
  version: 1,
  initial: {},
  // Asked for anew after a restart: the branch may be another by then.
  save: () => ({}),
  due: collect,
  report(facts, report) {
    const { answerId, facts: found } = report as FooterReport
    return { slice: { ...facts, [answerId]: found } }
  },
  gates: { finish: (facts, state) => (missing(facts, state) ? 'the facts of its footer are being collected' : undefined) },
  closeTurn: (facts) => (Object.keys(facts).length === 0 ? facts : {}),
})

function collect(facts: FooterSlice, state: Conversation): FeatureChange<FooterSlice> {
  const over = missing(facts, state)
  if (!over) return { slice: facts }
  const action: CollectFooter = { kind: 'collect-footer', answer: over.answer, startedAt: over.startedAt }
  return { slice: facts, actions: [action] }
}

function missing(facts: FooterSlice, state: Conversation): ReturnType<typeof answerToTell> {
  const over = answerToTell(state)
  return over && !over.answer.failure && !facts[over.answer.id] ? over : undefined
}

/** US dollars: of all that was answered since the turn began, and of the subagents that this began. */
export function costOf({ turn: { messages, subtasks } }: Conversation, startedAt: number): number {
  const own = messages.map((message) => (message.kind === 'assistant' && message.created >= startedAt ? (message.cost ?? 0) : 0))
  const below = Object.values(subtasks).flatMap(({ costs }) => Object.values(costs))
  return [...own, ...below].reduce((sum, cost) => sum + cost, 0)
}
