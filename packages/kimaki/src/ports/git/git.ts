/** Git, as far as footers and spoken words need it, and worktrees. */
import type { WorktreesPort } from './worktrees.ts'

export interface GitPort {
  /** The checked-out branch, or undefined when detached or no repository. Never throws; answers within 2 s. */
  branch(directory: string): Promise<string | undefined>
  /** Paths of files in the index, at most some thousands; none where there is no repository or no git. Never throws; answers within 2 s. */
  files(directory: string): Promise<readonly string[]>
  readonly worktrees: WorktreesPort
  /** Ends what runs; resolves when nothing is left running. */
  stop(): Promise<void>
}
