/** Git, behind its port. */
import type { GitPort } from '../ports/git/git.ts'
import type { Folders } from '../ports/host.ts'
import { branchOf } from './branch.ts'
import { filesOf } from './files.ts'
import { Git } from './process.ts'
import { createWorktrees, type WorktreesOptions } from './worktrees/worktrees.ts'

export interface GitOptions extends Omit<WorktreesOptions, 'git'> {
  readonly folders: Folders
  readonly environment: Readonly<Record<string, string | undefined>>
}

export function createGit({ folders, environment, ...options }: GitOptions): GitPort {
  const git = new Git(environment)
  return {
    branch: (directory) => branchOf(folders, directory),
    files: (directory) => filesOf(folders, git, directory),
    worktrees: createWorktrees({ git, ...options }),
    stop: () => git.stop(),
  }
}
