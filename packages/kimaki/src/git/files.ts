/** The files of the index: words that people say of a project. */
import type { Folders } from '../ports/host.ts'
import type { Git } from './process.ts'

const LIST_MS = 2_000
const MOST_PATHS = 4_000

/** What a configuration in the folder could have git run is switched off. */
export async function filesOf(folders: Folders, git: Git, directory: string): Promise<readonly string[]> {
  const ran = await folders.within(directory, async () => git.run(directory, ['ls-files', '-z'], { timeoutMs: LIST_MS }))
  if (ran instanceof Error || ran.code !== 0) return []
  return ran.stdout
    .split('\0')
    .filter((path) => path !== '')
    .slice(0, MOST_PATHS)
}
