/** Diffs: what was changed in the files of a folder, read by Git, and where people read it. */
import type { ChangesUnreadable, DiffUnavailable } from '../../base/errors.ts'
import type { Changes } from '../../domain/changes.ts'
import type { AttachedFile } from '../../domain/conversation/posts/post.ts'

export interface DiffsPort extends ChangesPort, DiffHost {}

/** What the files of a folder are compared with. */
export type Against =
  /** What was committed last; in a worktree the commit at which its branch left the main one. */
  | { readonly kind: 'base' }
  /** A commit, branch or tag, as people write it. */
  | { readonly kind: 'revision'; readonly revision: string }

/** A commit that people may compare with. */
export interface Revision {
  /** Shortened. */
  readonly id: string
  /** The first line of its message. */
  readonly subject: string
}

export interface ChangesPort {
  /** Only reads: neither the index nor a ref of the repository is touched. Files that Git ignores never stand in it. */
  read(directory: string, against: Against): Promise<Changes | ChangesUnreadable>
  /** The newest commits, the newest first; none where there is no repository. Never throws. */
  revisions(directory: string, limit: number): Promise<readonly Revision[]>
}

export interface DiffToShow {
  /** Of the command or press: asked for again with the same id, it is the same diff. */
  readonly requestId: string
  readonly guildId: string
  /** In which it is shown. */
  readonly conversationId: string
  /** Of the project, whose name stands above it. */
  readonly directory: string
  readonly changes: Changes
}

/** Makes changes readable in a browser. */
export interface DiffHost {
  /** The pages, on the disk until Discord has them. */
  publish(diff: DiffToShow): Promise<readonly AttachedFile[] | DiffUnavailable>
}
