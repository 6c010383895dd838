/** The files OpenCode reads its configuration from, as fingerprints: has anything changed since they were read? For use in `Folders.within`. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { Folders } from '../../ports/host.ts'
import { CONFIG_NAMES, referencesIn } from './config-text.ts'
import { upwards } from './hazards.ts'
import { walk } from './walk.ts'

/** Path to a hash of the content, or to 'absent' when the file configures nothing; of a folder to a hash of the names in it. */
export type ConfigFiles = ReadonlyMap<string, string>

type Environment = Readonly<Record<string, string | undefined>>
type Reader = Pick<Folders, 'read'>

const ABSENT = '-'
/** Agents and commands are Markdown files of their own. */
const FOLDERS = ['agent', 'agents', 'command', 'commands']

/** OpenCode reads these once for each project: the files of its folder and of every folder above it, what they refer to (`{file:key.txt}`), and the log-ins. */
export async function projectFiles(directory: string, environment: Environment, folders: Reader): Promise<ConfigFiles> {
  const paths: string[] = []
  for (const folder of upwards(resolve(directory))) {
    paths.push(...CONFIG_NAMES.map((name) => join(folder, name)))
    const ofOpenCode = join(folder, '.opencode')
    // Most folders have none: its coming is noticed by itself.
    paths.push(...((await stampOf(ofOpenCode)) === ABSENT ? [ofOpenCode] : configPathsIn(ofOpenCode)))
  }
  const logIns = join(userFolder(environment, 'XDG_DATA_HOME', '.local/share'), 'opencode', 'auth.json')
  return withReferences([...paths, logIns], folders)
}

/** OpenCode reads these once for each server: the files of the user. */
export async function userFiles(environment: Environment, folders: Reader): Promise<ConfigFiles> {
  const named = environment['OPENCODE_CONFIG']
  const paths = configPathsIn(join(userFolder(environment, 'XDG_CONFIG_HOME', '.config'), 'opencode'))
  return withReferences(named === undefined ? paths : [...paths, resolve(named)], folders)
}

export async function fingerprints(paths: readonly string[], folders: Reader): Promise<ConfigFiles> {
  const files = new Map<string, string>()
  for (const path of paths) {
    const content = writtenByPeople(path, await contentOf(path, folders))
    files.set(path, content === undefined ? 'absent' : createHash('sha256').update(content).digest('base64'))
  }
  return files
}

export async function haveChanged(files: ConfigFiles, folders: Reader): Promise<boolean> {
  const now = await fingerprints([...files.keys()], folders)
  return [...files].some(([path, hash]) => now.get(path) !== hash)
}

/** Other stamps: something may have changed. */
export async function stampsOf({ present }: Pick<Folders, 'present'>, ...files: readonly ConfigFiles[]): Promise<string> {
  const stamps: string[] = []
  const byFolder = Map.groupBy(new Set(files.flatMap((each) => [...each.keys()])), dirname)
  for (const [folder, paths] of byFolder) {
    const found = new Set(
      await present(
        folder,
        paths.map((path) => basename(path)),
      ),
    )
    for (const path of paths) stamps.push(found.has(basename(path)) ? await stampOf(path) : ABSENT)
  }
  return stamps.join(' ')
}

async function stampOf(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined)
  return stats ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : ABSENT
}

/** OpenCode writes these fields itself: `$schema` into a file that has none, and tokens when they run out. */
const WRITTEN_BY_OPENCODE = /"(?:\$schema|access|refresh|expires)"\s*:\s*(?:"[^"]*"|\d+)\s*,?/g

/** Of JSON without spaces; `undefined` for the empty user's file that OpenCode makes where there is none. */
function writtenByPeople(path: string, content: string | undefined): string | undefined {
  if (content === undefined || !/\.jsonc?$/.test(path)) return content
  const written = content.replaceAll(WRITTEN_BY_OPENCODE, '').replaceAll(/\s/g, '')
  return written === '{}' ? undefined : written
}

const configPathsIn = (folder: string): readonly string[] => [...CONFIG_NAMES, ...FOLDERS].map((name) => join(folder, name))

const userFolder = (environment: Environment, name: string, fallback: string): string =>
  environment[name] ?? join(environment['HOME'] ?? homedir(), fallback)

async function withReferences(paths: readonly string[], folders: Reader): Promise<ConfigFiles> {
  const references: string[] = []
  for (const path of paths) {
    const isFolder = FOLDERS.includes(basename(path))
    references.push(...(isFolder ? (await walk(path)).files : referencesIn(await folders.read(path), dirname(path))))
  }
  return fingerprints([...paths, ...references], folders)
}

async function contentOf(path: string, { read }: Reader): Promise<string | undefined> {
  // Most of them are not there.
  const stats = await stat(path).catch(() => undefined)
  if (!stats) return undefined
  return stats.isDirectory() ? (await walk(path)).files.toSorted().join('\n') : read(path)
}
