/** What OpenCode offers in a project: models and agents as people choose among them. */
import type { AnsweredBy } from '../domain/agent.ts'
import type { Offer } from '../domain/models/offer.ts'
import type { AgentError } from './agent-error.ts'

export interface CatalogPort {
  /** What was known a minute ago may do: it is asked for at every letter that somebody types. */
  offer(directory: string): Promise<Offer | AgentError>
  /** Who has answered last in a session, as OpenCode keeps it. */
  answererOf(directory: string, session: string): Promise<AnsweredBy | AgentError>
}
