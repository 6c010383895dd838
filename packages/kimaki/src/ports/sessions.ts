/** Sessions as people ask for them by name: beside the runs that `AgentPort` guides. */
import type { AgentError } from './agent-error.ts'

export interface SessionSummary {
  readonly id: string
  readonly title: string
  /** Unix ms, OpenCode's clock. */
  readonly updated: number
  /** The address at which everybody can read it, while it is shared. */
  readonly sharedAt: string | undefined
}

export interface SessionsPort {
  /** Root sessions of a folder, those used last first; `search` is part of the title. */
  list(
    directory: string,
    query: { readonly search: string; readonly limit: number },
  ): Promise<readonly SessionSummary[] | AgentError>
  read(directory: string, session: string): Promise<SessionSummary | AgentError>
  /** Puts a copy on OpenCode's public site, or takes it down; done twice, it is done once (OpenCode route: `/session/{id}/share`). */
  share(directory: string, session: string, isShared: boolean): Promise<SessionSummary | AgentError>
}
