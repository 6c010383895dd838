/** Git, as far as a footer needs it, and worktrees. */
import type { WorktreesPort } from './worktrees.ts'

export interface GitPort {
  /** The checked-out branch, or undefined when detached or no repository. Never throws; answers within 2 s. */
  branch(directory: string): Promise<string | undefined>
  readonly worktrees: WorktreesPort
  /** Ends what runs; resolves when nothing is left running. */
  stop(): Promise<void>
}
