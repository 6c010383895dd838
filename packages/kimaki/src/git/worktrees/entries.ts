/** The worktrees that git knows of (git docs: git-worktree, porcelain format). */
import { WorktreeError } from '../../base/errors.ts'
import type { Git } from '../process.ts'

export interface Entry {
  readonly directory: string
  readonly head: string | undefined
  /** Undefined: detached, as while a rebase goes on. */
  readonly branch: string | undefined
  /** Why it is locked; while git makes it: `initializing`. */
  readonly locked: string | undefined
  /** Its folder is gone. */
  readonly isPrunable: boolean
}

export async function entriesOf(git: Git, source: string): Promise<readonly Entry[] | WorktreeError> {
  const listed = await git.run(source, ['worktree', 'list', '--porcelain', '-z'])
  if (listed.code !== 0) return new WorktreeError({ reason: 'the worktrees of the repository cannot be listed' })
  return listed.stdout
    .split('\0\0')
    .filter((block) => block.trim() !== '')
    .map((block) => entryOf(block.split('\0')))
}

function entryOf(lines: readonly string[]): Entry {
  const value = (name: string): string | undefined => {
    const line = lines.find((one) => one === name || one.startsWith(`${name} `))
    return line?.slice(name.length + 1)
  }
  return {
    directory: value('worktree') ?? '',
    head: value('HEAD'),
    branch: value('branch')?.replace(/^refs\/heads\//, ''),
    locked: value('locked'),
    isPrunable: value('prunable') !== undefined,
  }
}
