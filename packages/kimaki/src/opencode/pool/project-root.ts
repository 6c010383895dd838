/**
 * The project a folder belongs to: the real path of the folder; for a git worktree, the real path of the repository it was made from. A
 * folder inside a repository is a project of its own, as it was linked. Read from git's own files, because every call needs it.
 */
import { readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export function projectRoot(directory: string): string {
  const real = realPath(directory)
  const gitDir = linkedGitDir(real)
  if (gitDir === undefined) return real
  const common = read(join(gitDir, 'commondir'))
  // Submodules have a `.git` file too, but no `commondir`.
  if (common === undefined) return real
  const repository = resolve(gitDir, common)
  return basename(repository) === '.git' ? realPath(dirname(repository)) : realPath(repository)
}

/** `gitdir: /repo/.git/worktrees/name` in a `.git` that is a file. */
function linkedGitDir(directory: string): string | undefined {
  const path = /^gitdir: (.+)$/m.exec(read(join(directory, '.git')) ?? '')?.[1]
  return path === undefined ? undefined : resolve(directory, path)
}

/** A folder that is gone keeps its name, so that a server that runs for it is still found. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
