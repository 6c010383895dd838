/** Worktrees of git: made and taken away so that no commit and no byte of anybody is lost. */
import type { WorktreeError } from '../../base/errors.ts'
import type { Worktree, WorktreeWanted } from '../../domain/worktree.ts'

export interface MakeWorktree extends WorktreeWanted {
  /** The same request again is the same worktree: what an earlier attempt has begun is completed. */
  readonly id: string
  /** The project folder. */
  readonly source: string
}

export interface MadeWorktree extends Worktree {
  /** What did not work and does no harm to the worktree itself: sentences. */
  readonly warnings: readonly string[]
}

export interface ListedWorktree {
  readonly directory: string
  /** Undefined: no branch is checked out. */
  readonly branch: string | undefined
  /** Who made it; `project`: it is the project folder. */
  readonly madeBy: 'project' | 'kimaki' | 'others'
  readonly state: 'clean' | 'uncommitted' | 'rebasing' | 'gone'
  /** Commits that the project's own branch does not have. */
  readonly ahead: number
  /** Unix ms; undefined for those of others. */
  readonly madeAt: number | undefined
}

export interface RemovedWorktree {
  readonly branch: string | undefined
  /** Where the tip of its branch is kept, for 14 days. */
  readonly undoRef: string | undefined
  /** Ignored files that were in it, and the folder they were moved to. */
  readonly trashed: readonly string[]
  readonly trash: string | undefined
}

export interface MergeRequest {
  /** The same request again is the same merge. */
  readonly id: string
  /** The worktree, and the project folder. */
  readonly directory: string
  readonly source: string
  /** Undefined: the branch that the remote calls its own, else main. */
  readonly target: string | undefined
}

export type MergedWorktree =
  /** The target has moved from one commit to the other. */
  | {
      readonly kind: 'merged'
      readonly branch: string
      readonly target: string
      readonly from: string
      readonly to: string
      readonly commits: number
    }
  /** A rebase waits in the worktree for somebody who resolves it. */
  | { readonly kind: 'conflict'; readonly files: readonly string[] }

export interface UndoRequest {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly from: string
  readonly to: string
}

/** A `WorktreeError` is a sentence for people. */
export interface WorktreesPort {
  /** Whole, or nothing of it is left. */
  make(request: MakeWorktree): Promise<MadeWorktree | WorktreeError>
  /** Why this one cannot be made; undefined: it can, as far as can be seen now. */
  refusal(source: string, wanted: WorktreeWanted): Promise<WorktreeError | undefined>
  /** Local and remote branches that hold the text, those of the newest commits first. */
  branches(source: string, typed: string, onlyLocal?: boolean): Promise<readonly string[]>
  list(source: string): Promise<readonly ListedWorktree[] | WorktreeError>
  /** Its commits on top of the target, and the target moved on to them. Asked again after a conflict, it goes on. */
  merge(request: MergeRequest): Promise<MergedWorktree | WorktreeError>
  /** Gives up the rebase that waits in the worktree, if one does. */
  abortRebase(source: string, directory: string): Promise<undefined | WorktreeError>
  /** Refuses where somebody has built on the merge. */
  undo(request: UndoRequest): Promise<undefined | WorktreeError>
  /** Refuses where work would be lost: what is not committed, or commits that no other branch has. */
  remove(source: string, directory: string): Promise<RemovedWorktree | WorktreeError>
}
