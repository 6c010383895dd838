/**
 * The project a folder belongs to: the real path of the folder; for a git worktree, the real path of the repository it was made from. A
 * folder inside a repository is a project of its own, as it was linked. Read from git's own files, because every call needs it.
 */
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Folders } from '../../ports/host.ts'

export type RootOf = (directory: string) => Promise<string>

/** A folder that does not answer keeps the root it had, so that it never gets a second server. */
export function projectRoots(folders: Folders): RootOf {
  const known = new Map<string, string>()
  return async (directory) => {
    const root = await folders.within(directory, async () => projectRoot(directory, folders))
    if (root instanceof Error) return known.get(directory) ?? resolve(directory)
    known.set(directory, root)
    return root
  }
}

async function projectRoot(directory: string, { read }: Folders): Promise<string> {
  const real = await realPath(directory)
  const gitDir = linkedGitDir(real, await read(join(real, '.git')))
  if (gitDir === undefined) return real
  const common = await read(join(gitDir, 'commondir'))
  // Submodules have a `.git` file too, but no `commondir`.
  if (common === undefined) return real
  const repository = resolve(gitDir, common.trim())
  return basename(repository) === '.git' ? realPath(dirname(repository)) : realPath(repository)
}

/** `gitdir: /repo/.git/worktrees/name` in a `.git` that is a file. */
function linkedGitDir(directory: string, dotGit: string | undefined): string | undefined {
  const path = /^gitdir: (.+)$/m.exec(dotGit ?? '')?.[1]
  return path === undefined ? undefined : resolve(directory, path.trim())
}

/** A folder that is gone keeps its name, so that a server that runs for it is still found. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path))
}
