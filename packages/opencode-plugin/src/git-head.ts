/** What is checked out: the branch, or the commit without one. Read from git's own file, since a process takes longer than a prompt may. */
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readFile } from './read-file.ts'

/** As a sentence; undefined where no repository is. */
export function gitHead(worktree: string): string | undefined {
  try {
    const head = readFile(join(gitFolder(worktree), 'HEAD'))?.trim() ?? ''
    const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1]
    if (branch !== undefined) return `The current git branch is ${branch}.`
    return /^[0-9a-f]{40,64}$/.test(head) ? `Git has no branch checked out: HEAD is detached at ${head.slice(0, 12)}.` : undefined
  } catch {
    return undefined
  }
}

/** A worktree beside the first one has a file that names the folder. */
function gitFolder(worktree: string): string {
  const path = join(worktree, '.git')
  if (statSync(path).isDirectory()) return path
  return resolve(worktree, (readFile(path) ?? '').replace(/^gitdir:/, '').trim())
}
