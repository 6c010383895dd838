/** The checked-out branch, read from the repository's HEAD file: a `git` process for it would cost 4 ms of CPU a footer. */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { GitPort } from '../ports/git.ts'

export function createGit(): GitPort {
  return {
    async branch(directory) {
      try {
        const gitDir = await findGitDir(directory)
        const head = gitDir && (await readFile(join(gitDir, 'HEAD'), 'utf8'))
        return head && /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1]
      } catch {
        return undefined
      }
    },
  }
}

/** Up the tree; in a worktree `.git` is a file that names the folder (git docs: gitrepository-layout). */
async function findGitDir(directory: string): Promise<string | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const path = join(folder, '.git')
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory()) return path
    if (found?.isFile()) {
      const target = /^gitdir: (.+)$/m.exec(await readFile(path, 'utf8'))?.[1]
      return target && resolve(folder, target)
    }
    if (dirname(folder) === folder) return undefined
  }
}
