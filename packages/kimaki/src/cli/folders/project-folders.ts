/** Folders of this machine as projects: `ProjectFolders`, on the disk. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { inheritedEnvironment } from '../../base/environment.ts'
import { UsageError } from '../../base/errors.ts'
import { broughtBy } from '../../opencode/project/brings.ts'
import type { Folders } from '../../ports/host.ts'
import type { FolderReport, ProjectFolders } from '../../ports/projects.ts'
import type { Config } from '../config.ts'
import { realDirectory } from '../directory.ts'
import { refusedAsWhole } from '../trust.ts'

type Places = Pick<Config, 'dataDir' | 'projectsDir' | 'environment'>

export function createProjectFolders(places: Places, folders: Folders): ProjectFolders {
  return {
    get home() {
      mkdirSync(places.projectsDir, { recursive: true, mode: 0o700 })
      return places.projectsDir
    },
    inspect: (folder, force = false) => inspect(places, folders, folder, force),
    existing: async (directories) => directories.filter((directory) => isFolder(directory)),
    async make(name, isRetry) {
      const directory = join(places.projectsDir, name)
      try {
        if (existsSync(directory) && !(isRetry && isNew(directory)))
          return new UsageError({ reason: `${directory} is there already. Choose another name, or add that folder.` })
        mkdirSync(directory, { recursive: true })
      } catch (error) {
        return new UsageError({ reason: `${directory} cannot be made: ${(error as Error).message}` })
      }
      await initialize(directory, places)
      return { directory }
    },
  }
}

async function inspect(places: Places, folders: Folders, folder: string, force: boolean): Promise<FolderReport | UsageError> {
  const path = folder.replace(/^~(?=\/|$)/, homedir())
  if (!isAbsolute(path)) return new UsageError({ reason: `"${folder}" is no absolute path. Write it from / or ~ on.` })
  const directory = realDirectory(path)
  if (directory instanceof Error) return directory
  const whole = force ? undefined : refusedAsWhole(directory, places)
  if (whole) return whole
  const brought = await folders.within(directory, () => broughtBy(directory, folders))
  return brought instanceof Error ? new UsageError({ reason: brought.message }) : { directory, ...brought }
}

function isFolder(directory: string): boolean {
  try {
    return statSync(directory).isDirectory()
  } catch {
    return false
  }
}

/** Nothing stands in it but what `git init` has put there. */
const isNew = (directory: string): boolean => readdirSync(directory).every((name) => name === '.git')

/** Without Git the folder is a project all the same. */
async function initialize(directory: string, { environment }: Places): Promise<void> {
  const options = { cwd: directory, env: inheritedEnvironment(environment), timeout: 10_000 }
  await promisify(execFile)('git', ['init', '--quiet'], options).catch(() => undefined)
}
