/**
 * What a folder must not bring, because OpenCode would read it without end and hold up every project of its server: devices, pipes, files
 * larger than 1 MiB and links to half the disk, wherever OpenCode reads before anybody has asked it to. A git repository can carry links.
 */
import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { FolderRefused } from '../../base/errors.ts'
import type { Folders } from '../../ports/host.ts'
import { CONFIG_NAMES, instructionsIn, referencesIn } from './config-text.ts'
import { MOST_FILES, walk } from './walk.ts'

const LARGEST_FILE = 1024 * 1024
const INSTRUCTIONS = ['AGENTS.md', 'CLAUDE.md', 'CONTEXT.md']
/** Of `.git`, which OpenCode's own git reads. */
const GIT_FILES = ['HEAD', 'config', 'commondir']
const READ_WHOLE = new Set(['.md', '.json', '.jsonc'])
const OF_OPENCODE = ['agent', 'command', 'mode', 'plugin', 'tool', 'skill'].flatMap((name) => [name, `${name}s`])
/** Folders that OpenCode reads whole, by the folder they lie in. */
const WALKED: Readonly<Record<string, readonly string[]>> = {
  '.opencode': OF_OPENCODE,
  '.claude': ['skills'],
  '.agents': ['skills'],
}
const LOOKED_FOR = [...CONFIG_NAMES, ...INSTRUCTIONS, '.git', ...Object.keys(WALKED)]

type Reader = Pick<Folders, 'read' | 'present'>

/** The first hazard of the folder and of those above it; undefined when there is none. For use in `Folders.within`. */
export async function hazardIn(directory: string, folders: Reader): Promise<FolderRefused | undefined> {
  const top = await repositoryOf(directory, folders)
  for (const folder of upwards(resolve(directory))) {
    const found = await folders.present(folder, LOOKED_FOR)
    const reason =
      (await configHazard({ folder, found, top: isWithin(folder, top) ? top : folder }, folders)) ??
      (await fileHazards(folder, found.filter(isReadByItself))) ??
      (found.includes('.git') ? await gitHazards(join(folder, '.git'), folders) : undefined) ??
      (await folderHazards(folder, found, folders))
    if (reason !== undefined) return new FolderRefused({ directory, reason })
  }
  return undefined
}

const isReadByItself = (name: string): boolean => INSTRUCTIONS.includes(name) || name === '.git'

/** The folder with the `.git`, else the folder itself: links may lead anywhere within. */
export async function repositoryOf(directory: string, { present }: Pick<Folders, 'present'>): Promise<string> {
  for (const folder of upwards(resolve(directory))) if ((await present(folder, ['.git'])).length > 0) return folder
  return resolve(directory)
}

interface Place {
  readonly folder: string
  /** Names that lie in it. */
  readonly found: readonly string[]
  /** A link may lead anywhere below this folder. */
  readonly top: string
}

async function configHazard({ folder, found, top }: Place, folders: Reader): Promise<string | undefined> {
  const ofOpenCode = join(folder, '.opencode')
  const inside = found.includes('.opencode') ? await folders.present(ofOpenCode, CONFIG_NAMES) : []
  const own = found.filter((name) => CONFIG_NAMES.includes(name))
  for (const path of [...own.map((name) => join(folder, name)), ...inside.map((name) => join(ofOpenCode, name))]) {
    if (!(await look(path))) continue
    const reason = (await fileHazard(path)) ?? (await leavingLink(path, top))
    if (reason !== undefined) return reason
    const text = await folders.read(path)
    for (const named of [...referencesIn(text, dirname(path)), ...instructionsIn(text, folder)]) {
      const hazard = await fileHazard(named)
      if (hazard !== undefined) return `${hazard}, and ${basename(path)} includes it`
    }
  }
  return undefined
}

async function leavingLink(path: string, top: string): Promise<string | undefined> {
  const [real, realTop] = [await realpath(path).catch(() => path), await realpath(top).catch(() => top)]
  return isWithin(real, realTop) ? undefined : `${path} is a link that leaves the folder`
}

async function fileHazards(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const reason = await fileHazard(join(folder, name))
    if (reason !== undefined) return reason
  }
  return undefined
}

const gitHazards = async (gitDir: string, { present }: Reader): Promise<string | undefined> =>
  fileHazards(gitDir, await present(gitDir, GIT_FILES))

async function folderHazards(folder: string, found: readonly string[], { present }: Reader): Promise<string | undefined> {
  for (const [inside, names] of Object.entries(WALKED)) {
    if (!found.includes(inside)) continue
    for (const name of await present(join(folder, inside), names)) {
      const reason = await walkHazard(join(folder, inside, name))
      if (reason !== undefined) return reason
    }
  }
  return undefined
}

async function walkHazard(path: string): Promise<string | undefined> {
  const { files, isCut } = await walk(path)
  if (isCut) return `${path} has more than ${MOST_FILES} files in it, or leads to itself`
  for (const file of files) {
    const reason = await fileHazard(file, READ_WHOLE.has(extname(file)))
    if (reason !== undefined) return reason
  }
  return undefined
}

async function fileHazard(path: string, isReadWhole = true): Promise<string | undefined> {
  const stats = await look(path)
  if (!stats || stats.isDirectory()) return undefined
  if (!stats.isFile()) return `${path} is no file but ${kindOf(stats)}, or a link to one`
  return isReadWhole && stats.size > LARGEST_FILE ? `${path} is larger than 1 MiB` : undefined
}

const kindOf = (stats: Stats): string => (stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device')
const look = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined)

const isWithin = (path: string, top: string): boolean => {
  const way = relative(top, path)
  return way !== '..' && !way.startsWith(`..${sep}`)
}

export function upwards(directory: string): readonly string[] {
  const above = dirname(directory)
  return above === directory ? [directory] : [directory, ...upwards(above)]
}
