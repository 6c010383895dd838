/** One input, decided: step, plan the posts, close the turn, and find the rows that changed. Pure; whoever calls commits the rows, then acts. */
import type { Change } from '../../domain/conversation/change.ts'
import { closeTurn } from '../../domain/conversation/close-turn.ts'
import type { Input } from '../../domain/conversation/input.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { step, type Rules } from '../../domain/conversation/step.ts'
import type { ConversationRows } from '../../ports/store.ts'
import { changedRows } from './changed-rows.ts'
import { planPosts, type Showing } from './plan-posts.ts'

export interface Transaction {
  readonly change: Change
  /** The state from its commit on. */
  readonly after: Conversation
  /** Undefined when nothing is to be remembered: most of what the agent says. */
  readonly rows: ConversationRows | undefined
  readonly turnClosed: boolean
}

/** `before`: undefined for a conversation that begins with this input; `current` is then what it begins as. */
export function transact(
  before: Conversation | undefined,
  current: Conversation,
  input: Input,
  { rules, ...showing }: { readonly rules: Rules } & Showing,
): Transaction {
  const change = step(current, input, rules)
  // A word more of an open text closes nothing: no plan, no commit (hundreds of these come for each answer).
  if (input.kind === 'agent' && input.event.kind === 'delta' && change.effects.length + change.actions.length === 0)
    return { change, after: change.state, rows: undefined, turnClosed: false }
  const plan = planPosts(change.state, showing)
  const after = closeTurn(plan.state, plan.allShown, rules.features)
  const rows = changedRows({ input, before, change, planned: plan.state, after })
  return { change, after, rows, turnClosed: after !== plan.state }
}
