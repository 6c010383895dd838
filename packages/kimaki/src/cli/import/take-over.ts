/** Plans an import, and carries it out while nothing else has the database: what an import has written, the next one finds here. */
import { UsageError } from '../../base/errors.ts'
import { createFolders } from '../../host/folders.ts'
import { broughtBy } from '../../opencode/project/brings.ts'
import type { StorePort } from '../../ports/store.ts'
import { readOlder, readOwn, type OlderRecord } from '../../store/older/rows.ts'
import { createStore } from '../../store/store.ts'
import type { Config } from '../config.ts'
import { takeControl } from '../control/lock.ts'
import { prepareDataDir } from '../data-folder.ts'
import { realDirectory } from '../directory.ts'
import { withDiscord } from '../projects/offline.ts'
import { withToken } from '../credentials.ts'
import { saveToken } from '../saved/credentials.ts'
import { refusedAsWhole } from '../trust.ts'
import { isId, textIn } from './cells.ts'
import { planImport, type ImportPlan } from './plan.ts'

export interface Imported {
  readonly plan: ImportPlan
  /** Folders that were taken over and bring programs, which do not run before somebody trusts them. */
  readonly untrusted: readonly string[]
}

/** Writes nothing. */
export async function dryRun(config: Config, from: string): Promise<Imported | Error> {
  const plan = await planFrom(config, from)
  return plan instanceof Error ? plan : { plan, untrusted: [] }
}

export async function carryOut(config: Config, from: string): Promise<Imported | Error> {
  const { dataDir, lockPort: port } = config
  const unsafe = prepareDataDir(dataDir)
  if (unsafe) return unsafe
  const lock = await takeControl({ dataDir, port }, {})
  if (lock instanceof Error) return lock
  if (!lock) return new UsageError({ reason: inUse(config) })
  try {
    const plan = await planFrom(config, from)
    if (plan instanceof Error) return plan
    const store = createStore(config.database)
    if (store instanceof Error) return store
    try {
      return { plan, untrusted: await write(config, store, plan) }
    } finally {
      await store.close()
    }
  } finally {
    await lock.close()
  }
}

const inUse = ({ dataDir, lockPort }: Config): string =>
  `A kimaki, this one or the older one, runs on ${dataDir} or has its port ${lockPort}. End it, run kimaki import --apply again, then start kimaki.`

async function planFrom(config: Config, from: string): Promise<ImportPlan | Error> {
  const older = await readOlder(from)
  if (older instanceof Error) return older
  if (!older) return new UsageError({ reason: `${from} is not there. Name the file with --from <path>.` })
  const own = await readOwn(config.database)
  if (own instanceof Error) return own
  const plan = (guilds: ReadonlyMap<string, string>): ImportPlan =>
    planImport(older, own, { token: config.token, folder: (path) => folderAt(path, config), guilds })
  const first = plan(new Map())
  const guilds = await guildsOf(
    older,
    config.token === undefined && first.token !== undefined ? withToken(config, first.token) : config,
  )
  return guilds.size === 0 ? first : plan(guilds)
}

function folderAt(path: string, config: Config): string | Error {
  const directory = realDirectory(path)
  if (directory instanceof Error) return directory
  return refusedAsWhole(directory, config) ?? directory
}

/** Rows of an older Kimaki name no server: Discord is asked, if there is a token to ask it with. */
async function guildsOf({ channels }: OlderRecord, config: Config): Promise<ReadonlyMap<string, string>> {
  const unknown = channels
    .filter((row) => textIn(row, 'guild_id') === '')
    .map((row) => textIn(row, 'channel_id'))
    .filter(isId)
  if (unknown.length === 0 || config.token === undefined) return new Map()
  const found = await withDiscord(config, async (chat) => {
    const guilds = new Map<string, string>()
    for (const id of unknown) {
      const channel = await chat.inspect(id)
      if (!(channel instanceof Error) && channel.guildId !== undefined) guilds.set(id, channel.guildId)
    }
    return guilds
  })
  return found instanceof Error ? new Map() : found
}

/** In an order in which a crash leaves nothing half done: what is there already is left alone by the next import. */
async function write(
  { dataDir, token }: Config,
  store: StorePort,
  { projects, settings, threads, token: taken }: ImportPlan,
): Promise<readonly string[]> {
  if (taken !== undefined && token === undefined) saveToken(dataDir, taken)
  const untrusted: string[] = []
  for (const project of projects) {
    if (!(await isTrusted(store, project.directory))) untrusted.push(project.directory)
    await store.linkProject(project, undefined)
  }
  for (const { set } of settings) await store.commit('verbosity' in set ? { verbosity: set.verbosity } : set)
  await store.takeOver(threads)
  return [...new Set(untrusted)]
}

/** Nobody was asked: an earlier decision stays, and without one nothing that the folder brings runs. */
async function isTrusted({ folders: records }: StorePort, directory: string): Promise<boolean> {
  const folders = createFolders()
  const brought = await folders.within(directory, () => broughtBy(directory, folders))
  const programs = brought instanceof Error ? [] : brought.programs
  return (await records.decide(directory, { isTrusted: undefined, programs })).isTrusted
}
