/**
 * What other processes do in the sessions of OpenCode. A terminal beside us writes the same database, and no server of ours tells of it.
 * All of it is read from that database, and nothing is written.
 */
import type { AgentUnavailable, StoreUnavailable } from '../../base/errors.ts'
import type { LastWritten } from '../../domain/agent.ts'

/** Rows of a database that is another program's. */
export type Query = (sql: string, ...values: readonly (string | number)[]) => readonly Readonly<Record<string, unknown>>[]

/** Undefined: there is no such file. */
export type AskDatabase = <T>(file: string, ask: (query: Query) => T) => T | StoreUnavailable | undefined

export interface RecordedSession {
  readonly id: string
  readonly directory: string
  readonly title: string
  /** Unix ms, OpenCode's clock. */
  readonly created: number
  readonly updated: number
  /** It was made by us, or is a copy that we made. */
  readonly isOurs: boolean
}

export interface TerminalsPort {
  /** `onChange` is called once the database has changed, at most every few seconds, until the returned function is called. */
  watch(onChange: () => void): () => void
  /** Root sessions of these folders that were used after `since`, the one used last at the end. None where there is no database. */
  sessions(directories: readonly string[], since: number): readonly RecordedSession[] | AgentUnavailable
  /** Undefined: nobody has written anything. */
  last(session: string): LastWritten | undefined | AgentUnavailable
}
