/** Folders that a person may want as projects: those OpenCode has worked in, and Git repositories nearby. */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createFolders } from '../../host/folders.ts'
import { createAgent } from '../../opencode/agent.ts'
import type { ServerRecords } from '../../ports/agent.ts'
import type { ProjectFolders } from '../../ports/projects.ts'
import type { Config } from '../config.ts'
import { refusedAsWhole } from '../trust.ts'

const MOST = 30
/** OpenCode is asked for no longer, ms. */
const PATIENCE_MS = 15_000

export interface Candidate {
  readonly directory: string
  readonly why: 'this folder' | 'OpenCode knows it' | 'a Git repository nearby'
}

export async function candidates(config: Config, folders: ProjectFolders, here = process.cwd()): Promise<readonly Candidate[]> {
  const current = realpathSync(here)
  const recent = await folders.existing(await recentlyUsed(config, folders))
  const found: readonly Candidate[] = [
    { directory: current, why: 'this folder' },
    ...recent.map((directory): Candidate => ({ directory, why: 'OpenCode knows it' })),
    ...repositoriesNear(current).map((directory): Candidate => ({ directory, why: 'a Git repository nearby' })),
  ]
  return found
    .filter(({ directory }) => refusedAsWhole(directory, config) === undefined)
    .filter(({ directory }, index, all) => all.findIndex((other) => other.directory === directory) === index)
    .slice(0, MOST)
}

/** One level below this folder, and beside it; nothing beside the home folder, which is other people's. */
function repositoriesNear(here: string): readonly string[] {
  const above = dirname(here)
  const places = here === homedir() || above === '/' ? [here] : [here, above]
  return places.flatMap((place) => foldersIn(place).filter((folder) => existsSync(join(folder, '.git'))))
}

function foldersIn(place: string): readonly string[] {
  try {
    return readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => join(place, name))
      .toSorted()
  } catch {
    return []
  }
}

/** Asks a server that runs for this question alone; without an answer there is nothing to propose. */
async function recentlyUsed({ environment, dataDir }: Config, folders: ProjectFolders): Promise<readonly string[]> {
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const agent = createAgent({ log, memory: NOT_REMEMBERED, environment, dataDir, folders: createFolders(), servers: 1 })
  try {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined).unref())
    const known = await Promise.race([agent.projects(folders.home), late])
    if (known === undefined || known instanceof Error) return []
    return known.toSorted((a, b) => b.usedAt - a.usedAt).map(({ directory }) => directory)
  } catch {
    return []
  } finally {
    await agent.stop('end')
  }
}

const NOT_REMEMBERED: ServerRecords = {
  read: () => [],
  write: async () => undefined,
  forget: async () => undefined,
  heartbeat: async () => undefined,
}
