/** How the bot stands beside a conversation at one moment: what the state of the conversation cannot say. */
import type { Right } from '../../rights.ts'

export interface Standing {
  /** `runs`: the bot has found the rest. `gone`, `hangs`: it stands in the database of one that does not run, or does not answer. */
  readonly bot: 'runs' | 'gone' | 'hangs'
  /** The line to Discord's gateway is down. */
  readonly lineDown?: { readonly reason: string; readonly forMs: number } | undefined
  /** Why the database takes nothing. */
  readonly recordDown?: string | undefined
  /** What was written while nobody listened is being read; what is written now waits for it. */
  readonly isReadingPast?: boolean
  /** Messages for the agent that stand in the thread and that Kimaki has not looked at. */
  readonly unseen?: readonly string[]
  /** Discord does not show the thread to the bot. */
  readonly isHidden?: boolean
  /** What the bot needs in the project channel and may not do there. */
  readonly missing?: readonly Right[]
  /** Requests on record that the conversation has not taken: how many, and the newest error. */
  readonly untaken?: { readonly count: number; readonly error: string | undefined }
  /** What is being done for the conversation. */
  readonly tasks?: readonly Task[]
  /** See `Settings`. */
  readonly modelStallMs: number
}

/** An effect, or a `post` or an `edit` in Discord. */
export interface Task {
  readonly kind: string
  readonly forMs: number
  /** Why the last attempt came to nothing. */
  readonly trouble: string | undefined
}
