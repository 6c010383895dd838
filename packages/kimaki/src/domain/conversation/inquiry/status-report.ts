/** What goes on, as people and programs ask for it: the bot, its threads, OpenCode's servers, what Discord still allows, what went wrong last. */

import type { Link } from './why.ts'

/** As `kimaki status --json` prints it. Times are Unix ms, sizes bytes; null: not known. */
export interface StatusReport {
  readonly version: string
  readonly pid: number
  readonly dataDir: string
  readonly now: number
  readonly startedAt: number
  readonly memory: number | null
  /** The line to Discord. */
  readonly connected: boolean
  /** Why it is not. */
  readonly reason: string | null
  readonly projects: number
  readonly sessions: { readonly working: number; readonly asking: number; readonly known: number }
  /** Those that wait for an answer, work, or have ended within a day. */
  readonly threads: readonly StatusThread[]
  readonly opencode: readonly StatusServer[]
  readonly budgets: Budgets
  /** The newest first. */
  readonly errors: readonly StatusError[]
}

export interface StatusThread {
  readonly threadId: string
  readonly guildId: string
  readonly directory: string
  /** Empty: somebody else has named it. */
  readonly title: string
  /** Who wrote to the agent last; null: a program. */
  readonly asker: string | null
  /** When that was. */
  readonly askedAt: number
  readonly state: 'asks' | 'working' | 'failed' | 'answered'
  readonly queued: number
  /** What `kimaki why` says of it, and the link at which it is held up, if any; null where it has ended. */
  readonly why: string | null
  readonly link: Link | null
}

export interface StatusServer {
  readonly pid: number
  readonly port: number
  /** Sessions that run, and calls under way. */
  readonly busy: number
  readonly directories: readonly string[]
  readonly memory: number | null
}

export interface Budget {
  readonly left: number
  readonly most: number
}

/** What Discord allows before it locks the bot out. */
export interface Budgets {
  /** Requests within this second. */
  readonly requests: Budget
  /** Requests that Discord may refuse within 10 minutes. */
  readonly refusals: Budget
  /** New gateway sessions within 24 hours. */
  readonly identifies: Budget
}

export interface StatusError {
  readonly at: number | null
  readonly message: string
  /** What the log says beside it. */
  readonly details: string
}
