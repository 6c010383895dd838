/** Git: the checked-out branch, read from the repository's HEAD file (a `git` process would cost 4 ms of CPU a footer), and the files of the index. */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { GitPort } from '../ports/git.ts'
import type { Folders } from '../ports/host.ts'

export function createGit(folders: Folders): GitPort {
  return {
    async branch(directory) {
      const head = await folders.within(directory, async () => {
        const gitDir = await findGitDir(directory, folders)
        return gitDir && folders.read(join(gitDir, 'HEAD'))
      })
      return head instanceof Error ? undefined : head && /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1]
    },
    files: async (directory) => {
      const paths = await folders.within(directory, async () => listIndex(directory))
      return paths instanceof Error ? [] : paths
    },
  }
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

/** What a configuration in the folder could have git run is switched off. */
const listIndex = (directory: string): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const args = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', 'ls-files', '-z']
    execFile('git', args, { cwd: directory, timeout: 2000, maxBuffer: MOST_BYTES, killSignal: 'SIGKILL' }, (_, listed) =>
      resolve(listed.split('\0').filter((path) => path !== '')),
    )
  })

const MOST_BYTES = 256 * 1024
