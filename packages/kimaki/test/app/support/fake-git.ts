/** Git without a repository: worktrees are as the test says, by default made at once. */
import { branchOf } from '../../../src/domain/worktree.ts'
import type { GitPort } from '../../../src/ports/git/git.ts'
import type { MakeWorktree, WorktreesPort } from '../../../src/ports/git/worktrees.ts'

export interface FakeGit extends GitPort {
  /** What was asked for, attempt by attempt. */
  readonly made: MakeWorktree[]
  readonly removed: string[]
  readonly on: Partial<WorktreesPort>
}

export function fakeGit(): FakeGit {
  const made: MakeWorktree[] = []
  const removed: string[] = []
  const on: Partial<WorktreesPort> = {}
  const worktrees: WorktreesPort = {
    async make(request) {
      made.push(request)
      if (on.make) return on.make(request)
      const { source, slug, base = 'main' } = request
      const directory = `/data/worktrees/0123abcd/${slug}`
      return { source, directory, branch: branchOf(slug), base, commit: 'c0ffee', warnings: [] }
    },
    refusal: async (source, wanted) => on.refusal?.(source, wanted),
    branches: async (source, typed, onlyLocal) => on.branches?.(source, typed, onlyLocal) ?? ['main'],
    list: async (source) => on.list?.(source) ?? [],
    merge: async (request) =>
      on.merge?.(request) ?? { kind: 'merged', branch: 'b', target: 'main', from: 'a', to: 'c', commits: 1 },
    abortRebase: async (source, directory) => on.abortRebase?.(source, directory),
    undo: async (request) => on.undo?.(request),
    async remove(source, directory) {
      removed.push(directory)
      return on.remove?.(source, directory) ?? { branch: 'b', undoRef: undefined, trashed: [], trash: undefined }
    },
  }
  return {
    made,
    removed,
    on,
    worktrees,
    branch: async () => 'main',
    files: async () => ['README.md'],
    stop: async () => undefined,
  }
}
