/** Whom a prompt of a conversation names, as people have chosen; where they have chosen nothing, OpenCode decides. */
import type { AnsweredBy } from '../../domain/agent.ts'
import { chosenIn } from '../../domain/conversation/features/commands/models.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { inForce, isNothingChosen, namedBy, type Level } from '../../domain/models/in-force.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { AgentError } from '../../ports/agent-error.ts'

export interface Named {
  readonly answeredBy: AnsweredBy | undefined
  readonly by: Level
}

/** Somebody has chosen for the thread, or its first prompt has: what its session came with counts no more. */
export function isDecidedIn(state: Conversation): boolean {
  const { session, kept } = chosenIn(state)
  return kept !== undefined || session.agent !== undefined || session.model !== undefined
}

export async function namedIn({ catalog }: Pick<AgentPort, 'catalog'>, state: Conversation): Promise<Named | AgentError> {
  const chosen = chosenIn(state)
  if (isNothingChosen(chosen)) return { answeredBy: undefined, by: 'config' }
  const choices = await catalog.choices(state.directory)
  if (choices instanceof Error) return choices
  const found = inForce(chosen, choices)
  return { answeredBy: namedBy(found), by: found.by }
}
