/** What the work of these commands looks at: what OpenCode offers in the project, what is chosen, and what is in force. */
import { chosenIn, countsFromNextStep } from '../../domain/conversation/features/commands/models.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { inForce, type Chosen, type InForce } from '../../domain/models/in-force.ts'
import type { Choices } from '../../domain/models/choices.ts'
import type { Scope } from '../../domain/models/preferences.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { CommandTask, Outside } from '../declaration.ts'

export interface Around {
  readonly choices: Choices
  readonly chosen: Chosen
  readonly found: InForce
  /** Where something can be chosen: a command in the channel has no thread. */
  readonly scopes: readonly Scope[]
  /** What was chosen last reaches the run that goes on. */
  readonly isForRun: boolean
}

export async function lookAround(
  { agent: { catalog } }: Outside,
  { directory, session, state }: Pick<CommandTask, 'directory' | 'session' | 'state'>,
): Promise<Around | AgentError> {
  const choices = await catalog.choices(directory)
  if (choices instanceof Error) return choices
  const answerer = session === undefined ? undefined : await catalog.answererOf(directory, session)
  const sessions = answerer instanceof Error ? undefined : answerer?.model
  const chosen = chosenIn(state)
  const found = inForce(chosen, choices, sessions)
  return { choices, chosen, found, scopes: scopesIn(state), isForRun: countsFromNextStep(state) }
}

const isThread = ({ id, channelId }: Conversation): boolean => id !== channelId

const scopesIn = (state: Conversation): readonly Scope[] => [
  ...(isThread(state) ? (['session'] as const) : []),
  'channel',
  'global',
]
