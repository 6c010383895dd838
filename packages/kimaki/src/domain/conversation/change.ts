/** The result of a step, and the small edits of a conversation that several inputs share. */
import type { AllowanceChange } from '../allowance.ts'
import type { Action, Effect } from './effect.ts'
import type { RunEvent } from './event.ts'
import { isLive, type Prompt, type PromptEnd } from './prompt.ts'
import { inTurn, type Conversation } from './state.ts'

export interface Change {
  readonly state: Conversation
  readonly effects: readonly Effect[]
  readonly actions: readonly Action[]
  /** Rows of what people allow for the project folder. */
  readonly allowances: readonly AllowanceChange[]
  /** What the features are to be told. */
  readonly events: readonly RunEvent[]
}

const NONE: readonly never[] = []

export const noEffects = (state: Conversation): Change => ({
  state,
  effects: NONE,
  actions: NONE,
  allowances: NONE,
  events: NONE,
})

export const withAction = (state: Conversation, ...actions: readonly Action[]): Change => ({ ...noEffects(state), actions })

/** The first change, then the second, which was made on the first one's state. */
export function andThen(change: Change, next: (state: Conversation) => Change): Change {
  const second = next(change.state)
  if (change.effects.length + change.actions.length + change.allowances.length + change.events.length === 0) return second
  return {
    state: second.state,
    effects: joined(change.effects, second.effects),
    actions: joined(change.actions, second.actions),
    allowances: joined(change.allowances, second.allowances),
    events: joined(change.events, second.events),
  }
}

/** A step joins about ten lists, and nearly all of them are empty. */
function joined<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  if (first.length === 0) return second
  return second.length === 0 ? first : [...first, ...second]
}

export function updatePrompt(state: Conversation, id: string, update: (prompt: Prompt) => Prompt): Conversation {
  return inTurn(state, { prompts: state.turn.prompts.map((prompt) => (prompt.id === id ? update(prompt) : prompt)) })
}

/** Ends the live prompts the predicate names with one visible end: the last of them carries it, the others are merged into it. */
export function endPrompts(state: Conversation, which: (prompt: Prompt) => boolean, end: PromptEnd): Conversation {
  const last = state.turn.prompts.findLast((prompt) => isLive(prompt) && which(prompt))
  if (!last) return state
  const prompts = state.turn.prompts.map((prompt): Prompt => {
    if (!isLive(prompt) || !which(prompt)) return prompt
    return { ...prompt, phase: { kind: 'ended', end: prompt === last ? end : { kind: 'merged' } } }
  })
  return inTurn(state, { prompts })
}

export const everyPrompt = (): boolean => true

/** Names prompts by their ids. */
export function amongst(prompts: readonly Prompt[]): (prompt: Prompt) => boolean {
  const ids = new Set(prompts.map(({ id }) => id))
  return ({ id }) => ids.has(id)
}
