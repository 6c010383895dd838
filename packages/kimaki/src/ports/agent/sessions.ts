/** Sessions as people ask for them by name: beside the runs that `AgentPort` guides. */
import type { Transcript } from '../../domain/agent.ts'
import type { FilePatch } from '../../domain/changes.ts'
import type { AgentError } from '../agent-error.ts'

export interface SessionSummary {
  readonly id: string
  readonly title: string
  /** Unix ms, OpenCode's clock. */
  readonly updated: number
  /** The address at which everybody can read it, while it is shared. */
  readonly sharedAt: string | undefined
}

/** A message of a session as people go back to it. */
export interface PastMessage {
  readonly id: string
  readonly kind: 'user' | 'assistant'
  /** Unix ms, OpenCode's clock. */
  readonly created: number
  /** Of a user message: what was written, without what programs have added. */
  readonly words: string
}

export interface History {
  readonly title: string
  /** In OpenCode's order. */
  readonly messages: readonly PastMessage[]
  /** From this message on all is undone; the next prompt deletes it for good. */
  readonly undoneFrom: string | undefined
}

export interface SessionsPort {
  /** Root sessions of a folder, those used last first; `search` is part of the title. */
  list(
    directory: string,
    query: { readonly search: string; readonly limit: number },
  ): Promise<readonly SessionSummary[] | AgentError>
  /** The same, while somebody types: it may be a minute old, and is read anew for the next key. */
  search(
    directory: string,
    query: { readonly search: string; readonly limit: number },
  ): Promise<readonly SessionSummary[] | AgentError>
  read(directory: string, session: string): Promise<SessionSummary | AgentError>
  /** As `read`, for one that `list` could name: `SessionGone` also for a session of another folder, and for one of a subagent. */
  find(directory: string, session: string): Promise<SessionSummary | AgentError>
  /** Puts a copy on OpenCode's public site, or takes it down; done twice, it is done once (OpenCode route: `/session/{id}/share`). */
  share(directory: string, session: string, isShared: boolean): Promise<SessionSummary | AgentError>
  history(directory: string, session: string): Promise<History | AgentError>
  /** `newest`: no more than so many messages, the newest ones; undefined: all. */
  transcript(directory: string, session: string, newest?: number): Promise<Transcript | AgentError>
  /** As `opencode export` writes it, and `opencode import` reads it; not checked. */
  exported(
    directory: string,
    session: string,
  ): Promise<{ readonly info: unknown; readonly messages: readonly unknown[] } | AgentError>
  /** Sessions of its subagents (OpenCode route: `/session/{id}/children`). */
  children(directory: string, session: string): Promise<readonly SessionSummary[] | AgentError>
  /**
   * Undoes all from this user message on, and what was done to files because of it; undefined: nothing is undone any more. Done twice, it is
   * done once. Resolves with what has changed in files, as a diff. A session that runs refuses: `AgentRefused`.
   */
  revert(directory: string, session: string, from: string | undefined): Promise<string | AgentError>
  /**
   * What was changed in files because of this user message. OpenCode takes it from its own snapshots of the folder; without a Git repository
   * there are none.
   */
  changed(directory: string, session: string, messageId: string): Promise<readonly FilePatch[] | AgentError>
  /** Sums up what was said in it; resolves when that is over, for better or worse. */
  summarize(
    directory: string,
    session: string,
    model: { readonly provider: string; readonly model: string },
  ): Promise<undefined | AgentError>
  /** Paths of files and folders, relative to `directory`, that match `query` best. */
  findFiles(directory: string, query: string, limit: number): Promise<readonly string[] | AgentError>
}
