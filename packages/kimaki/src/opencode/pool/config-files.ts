/** The files OpenCode reads its configuration from, as fingerprints: has anything changed since they were read? */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'

/** Path to a hash of the content, or to 'absent' when the file configures nothing; of a folder to a hash of the names in it. */
export type ConfigFiles = ReadonlyMap<string, string>

type Environment = Readonly<Record<string, string | undefined>>

const NAMES = ['opencode.json', 'opencode.jsonc']
const ABSENT = '-'
/** Agents and commands are Markdown files of their own. */
const FOLDERS = ['agent', 'agents', 'command', 'commands']

/** OpenCode reads these once for each project: the files of its folder and of every folder above it, what they refer to (`{file:key.txt}`), and the log-ins. */
export async function projectFiles(directory: string, environment: Environment): Promise<ConfigFiles> {
  const paths = withFoldersAbove(resolve(directory)).flatMap((folder) => [
    ...NAMES.map((name) => join(folder, name)),
    ...configPathsIn(join(folder, '.opencode')),
  ])
  const logIns = join(userFolder(environment, 'XDG_DATA_HOME', '.local/share'), 'opencode', 'auth.json')
  return withReferences([...paths, logIns])
}

/** OpenCode reads these once for each server: the files of the user. */
export async function userFiles(environment: Environment): Promise<ConfigFiles> {
  const named = environment['OPENCODE_CONFIG']
  const paths = configPathsIn(join(userFolder(environment, 'XDG_CONFIG_HOME', '.config'), 'opencode'))
  return withReferences(named === undefined ? paths : [...paths, resolve(named)])
}

export async function fingerprints(paths: readonly string[]): Promise<ConfigFiles> {
  const entries = paths.map(async (path) => {
    const content = writtenByPeople(path, await contentOf(path))
    return [path, content === undefined ? 'absent' : createHash('sha256').update(content).digest('base64')] as const
  })
  return new Map(await Promise.all(entries))
}

export async function haveChanged(files: ConfigFiles): Promise<boolean> {
  const now = await fingerprints([...files.keys()])
  return [...files].some(([path, hash]) => now.get(path) !== hash)
}

/** Other stamps: something may have changed. Synchronous: 1 to 2 µs a file, where the thread pool may be busy for milliseconds. */
export function stampsOf(...files: readonly ConfigFiles[]): string {
  return files.flatMap((each) => [...each.keys()].map(stampOf)).join(' ')
}

function stampOf(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : ABSENT
  } catch {
    return ABSENT
  }
}

/** OpenCode writes these fields itself: `$schema` into a file that has none, and tokens when they run out. */
const WRITTEN_BY_OPENCODE = /"(?:\$schema|access|refresh|expires)"\s*:\s*(?:"[^"]*"|\d+)\s*,?/g

/** Of JSON without spaces; `undefined` for the empty user's file that OpenCode makes where there is none. */
function writtenByPeople(path: string, content: string | undefined): string | undefined {
  if (content === undefined || !/\.jsonc?$/.test(path)) return content
  const written = content.replaceAll(WRITTEN_BY_OPENCODE, '').replaceAll(/\s/g, '')
  return written === '{}' ? undefined : written
}

const configPathsIn = (folder: string): readonly string[] => [...NAMES, ...FOLDERS].map((name) => join(folder, name))

const userFolder = (environment: Environment, name: string, fallback: string): string =>
  environment[name] ?? join(environment['HOME'] ?? homedir(), fallback)

function withFoldersAbove(directory: string): readonly string[] {
  const above = dirname(directory)
  return above === directory ? [directory] : [directory, ...withFoldersAbove(above)]
}

async function withReferences(paths: readonly string[]): Promise<ConfigFiles> {
  const references = paths.map(async (path) =>
    FOLDERS.includes(basename(path)) ? filesIn(path) : referencesIn(await contentOf(path), dirname(path)),
  )
  return fingerprints([...paths, ...(await Promise.all(references)).flat()])
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.map((name) => join(folder, name))
}

function referencesIn(content: string | undefined, folder: string): readonly string[] {
  const names = [...(content ?? '').matchAll(/\{file:([^}]+)\}/g)].map((match) => match[1] ?? '')
  return names.map((name) => (name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(folder, name)))
}

async function contentOf(path: string): Promise<string | undefined> {
  // Most of them are not there.
  if (stampOf(path) === ABSENT) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR'
    return isFolder ? (await filesIn(path)).toSorted().join('\n') : undefined
  }
}
