/** What was changed in the files of a folder, read by Git. */
import type { ChangesUnreadable } from '../base/errors.ts'
import type { Changes } from '../domain/changes.ts'

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
