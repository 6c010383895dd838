/** The result of a step, and the small edits of a conversation that several inputs share. */
import type { Effect, Hint } from './effect.ts'
import { isLive, type Prompt, type PromptEnd } from './prompt.ts'
import type { Conversation } from './state.ts'

export interface Change {
  readonly state: Conversation
  readonly effects: readonly Effect[]
  readonly hints: readonly Hint[]
}

export const unchanged = (state: Conversation): Change => ({ state, effects: [], hints: [] })

/** The first change, then the second, which was made on the first one's state. */
export function followedBy(change: Change, next: (state: Conversation) => Change): Change {
  const second = next(change.state)
  return {
    state: second.state,
    effects: [...change.effects, ...second.effects],
    hints: [...change.hints, ...second.hints],
  }
}

export function updatePrompt(state: Conversation, id: string, update: (prompt: Prompt) => Prompt): Conversation {
  return { ...state, prompts: state.prompts.map((prompt) => (prompt.id === id ? update(prompt) : prompt)) }
}

/** Ends the live prompts the predicate names with one visible end: the last of them carries it, the others are merged into it. */
export function endTogether(state: Conversation, which: (prompt: Prompt) => boolean, end: PromptEnd): Conversation {
  const last = state.prompts.findLast((prompt) => isLive(prompt) && which(prompt))
  if (!last) return state
  return {
    ...state,
    prompts: state.prompts.map((prompt) => {
      if (!isLive(prompt) || !which(prompt)) return prompt
      return { ...prompt, phase: { kind: 'ended', end: prompt === last ? end : { kind: 'merged', into: last.id } } }
    }),
  }
}

export const everyPrompt = (): boolean => true
