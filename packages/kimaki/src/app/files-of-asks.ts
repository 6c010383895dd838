/** Says of an ask for paths outside the project whether they are files that people sent, and in which conversation. */
import type { AgentEvent } from '../domain/agent.ts'
import type { Files } from '../ports/host.ts'

export function withFilesOf(event: AgentEvent, files: Pick<Files, 'ownerOf'>): AgentEvent {
  if (event.kind !== 'asked' || event.ask.outside === undefined) return event
  const filesOf = files.ownerOf(event.ask.outside)
  return filesOf === undefined ? event : { ...event, ask: { ...event.ask, filesOf } }
}
