/** The checked-out branch, read from the repository's HEAD file: a `git` process for it would cost 4 ms of CPU a footer. */
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Folders } from '../ports/host.ts'

export async function branchOf(folders: Folders, directory: string): Promise<string | undefined> {
  const head = await folders.within(directory, async () => {
    const gitDir = await findGitDir(directory, folders)
    return gitDir && folders.read(join(gitDir, 'HEAD'))
  })
  return head instanceof Error ? undefined : head && /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1]
}

/** Up the tree; in a worktree `.git` is a file that names the folder (git docs: gitrepository-layout). */
async function findGitDir(directory: string, { read }: Folders): Promise<string | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const path = join(folder, '.git')
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory()) return path
    if (found?.isFile()) {
      const target = /^gitdir: (.+)$/m.exec((await read(path)) ?? '')?.[1]
      return target && resolve(folder, target)
    }
    if (dirname(folder) === folder) return undefined
  }
}
