/** Folders that a person may want as projects: those OpenCode has worked in, and Git repositories nearby. */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createFolders } from '../../host/folders.ts'
import { createAgent } from '../../opencode/agent.ts'
import type { AgentPort, ServerRecords } from '../../ports/agent.ts'
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

export interface Survey {
  readonly candidates: readonly Candidate[]
  /** OpenCode knows no provider of a model; undefined: it could not be asked. */
  readonly lacksModel: boolean | undefined
}

export async function survey(config: Config, folders: ProjectFolders, here = process.cwd()): Promise<Survey> {
  const current = realpathSync(here)
  const { used, lacksModel } = await askOpenCode(config, folders)
  const recent = await folders.existing(used)
  const found: readonly Candidate[] = [
    { directory: current, why: 'this folder' },
    ...recent.map((directory): Candidate => ({ directory, why: 'OpenCode knows it' })),
    ...repositoriesNear(current).map((directory): Candidate => ({ directory, why: 'a Git repository nearby' })),
  ]
  const candidates = found
    .filter(({ directory }) => refusedAsWhole(directory, config) === undefined)
    .filter(({ directory }, index, all) => all.findIndex((other) => other.directory === directory) === index)
    .slice(0, MOST)
  return { candidates, lacksModel }
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

interface Known {
  /** Folders it has worked in, those used last first. */
  readonly used: readonly string[]
  readonly lacksModel: boolean | undefined
}

const NOTHING_KNOWN: Known = { used: [], lacksModel: undefined }

/** Asks a server that runs for these questions alone; without an answer there is nothing to propose. */
async function askOpenCode({ environment, dataDir }: Config, folders: ProjectFolders): Promise<Known> {
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const agent = createAgent({ log, memory: NOT_REMEMBERED, environment, dataDir, folders: createFolders(), servers: 1 })
  try {
    const late = new Promise<Known>((resolve) => setTimeout(resolve, PATIENCE_MS, NOTHING_KNOWN).unref())
    return await Promise.race([knownTo(agent, folders.home), late])
  } catch {
    return NOTHING_KNOWN
  } finally {
    await agent.stop('end')
  }
}

async function knownTo(agent: Pick<AgentPort, 'projects' | 'catalog'>, home: string): Promise<Known> {
  const projects = await agent.projects(home)
  if (projects instanceof Error) return NOTHING_KNOWN
  const choices = await agent.catalog.choices(home)
  const used = projects.toSorted((a, b) => b.usedAt - a.usedAt).map(({ directory }) => directory)
  return { used, lacksModel: choices instanceof Error ? undefined : choices.providers.length === 0 }
}

const NOT_REMEMBERED: ServerRecords = {
  read: () => [],
  write: async () => undefined,
  forget: async () => undefined,
  heartbeat: async () => undefined,
}
