/**
 * A session: what outlives a connection. It is *linked* while a connection carries it, *unlinked* after that connection ended
 * (it can be resumed within the window), and *forgotten* once it was invalidated, ended by the client or left unlinked too long.
 */
import type { BotRecord } from '../world/realm/records.ts'
import type { ReplayLog } from './replay-log.ts'

export interface Session {
  readonly id: string
  readonly bot: BotRecord
  readonly intents: number
  /** Index and number of shards. */
  readonly shard: readonly [number, number]
  readonly log: ReplayLog
  link: SessionLink | undefined
  unlinkedAt: number | undefined
}

/** The connection of a session, as far as the session needs it. */
export interface SessionLink {
  /** Whether the text went to the socket. */
  write(text: string): boolean
  /** Ends the connection without a word. */
  cut(): void
}
