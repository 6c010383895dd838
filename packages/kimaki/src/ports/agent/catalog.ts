/** Models and agents of a project, as people choose among them. */
import type { AnsweredBy } from '../../domain/agent.ts'
import type { Choices } from '../../domain/models/choices.ts'
import type { AgentError } from '../agent-error.ts'

export interface CatalogPort {
  /** What was known a minute ago may do: it is asked for at every letter that somebody types. */
  choices(directory: string): Promise<Choices | AgentError>
  /** Who has answered last in a session, as OpenCode keeps it. */
  answererOf(directory: string, session: string): Promise<AnsweredBy | AgentError>
}
