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
const CONFIG_PATHS = [...CONFIG_NAMES, ...CONFIG_NAMES.map((name) => join('.opencode', name))]
const INSTRUCTIONS = ['AGENTS.md', 'CLAUDE.md', 'CONTEXT.md']
/** Which OpenCode's own git reads. */
const GIT_FILES = ['HEAD', 'config', 'commondir'].map((name) => join('.git', name))
const READ_WHOLE = new Set(['.md', '.json', '.jsonc'])
const OF_OPENCODE = ['agent', 'command', 'mode', 'plugin', 'tool', 'skill'].flatMap((name) => [name, `${name}s`])
/** Most folders have none of these, and are spared three in four looks: they are looked at before every prompt. */
const HIDDEN = ['.opencode', '.claude', '.agents', '.git']
const WALKED = [...OF_OPENCODE.map((name) => join('.opencode', name)), join('.claude', 'skills'), join('.agents', 'skills')]

/** The first hazard of the folder and of those above it; undefined when there is none. For use in `Folders.within`. */
export async function hazardIn(directory: string, folders: Pick<Folders, 'read'>): Promise<FolderRefused | undefined> {
  const top = await repositoryOf(directory)
  for (const folder of upwards(resolve(directory))) {
    const inside = await hiddenIn(folder)
    const reason =
      (await configHazard(folder, isWithin(folder, top) ? top : folder, inside, folders)) ??
      (await fileHazards(folder, [...INSTRUCTIONS, '.git', ...GIT_FILES.filter(inside)])) ??
      (await folderHazards(folder, WALKED.filter(inside)))
    if (reason !== undefined) return new FolderRefused({ directory, reason })
  }
  return undefined
}

/** The folder with the `.git`, else the folder itself: links may lead anywhere within. */
export async function repositoryOf(directory: string): Promise<string> {
  for (const folder of upwards(resolve(directory))) if (await look(join(folder, '.git'))) return folder
  return resolve(directory)
}

/** Whether a relative path lies in none of the hidden folders, or in one that is there. */
async function hiddenIn(folder: string): Promise<(path: string) => boolean> {
  const missing = new Set<string | undefined>()
  for (const name of HIDDEN) if (!(await look(join(folder, name)))) missing.add(name)
  return (path) => !missing.has(path.split(sep)[0])
}

async function configHazard(
  folder: string,
  top: string,
  inside: (path: string) => boolean,
  { read }: Pick<Folders, 'read'>,
): Promise<string | undefined> {
  for (const path of CONFIG_PATHS.filter(inside).map((name) => join(folder, name))) {
    if (!(await look(path))) continue
    const reason = (await fileHazard(path)) ?? (await leavingLink(path, top))
    if (reason !== undefined) return reason
    const text = await read(path)
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

async function folderHazards(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name)
    if (!(await look(path))) continue
    const { files, isCut } = await walk(path)
    if (isCut) return `${path} has more than ${MOST_FILES} files in it, or leads to itself`
    for (const file of files) {
      const reason = await fileHazard(file, READ_WHOLE.has(extname(file)))
      if (reason !== undefined) return reason
    }
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
