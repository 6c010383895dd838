/** The files OpenCode reads its configuration from, as fingerprints: has anything changed since? */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'

/** Path to a hash of the content, or to 'absent' when it says nothing; of a folder to a hash of the names in it. */
export type ConfigFiles = ReadonlyMap<string, string>

type Environment = Readonly<Record<string, string | undefined>>

const NAMES = ['opencode.json', 'opencode.jsonc']
const ABSENT = '-'
/** Agents and commands are Markdown files of their own. */
const FOLDERS = ['agent', 'agents', 'command', 'commands']

/** Read once for each project: those of its folder and of every folder above it, what they refer to (`{file:key.txt}`), and the log-ins. */
export async function projectFiles(directory: string, environment: Environment): Promise<ConfigFiles> {
  const paths = folders(resolve(directory)).flatMap((folder) => [
    ...NAMES.map((name) => join(folder, name)),
    ...inside(join(folder, '.opencode')),
  ])
  return found([...paths, join(base(environment, 'XDG_DATA_HOME', '.local/share'), 'opencode', 'auth.json')])
}

/** Read once for each server: those of the user. */
export async function userFiles(environment: Environment): Promise<ConfigFiles> {
  const named = environment['OPENCODE_CONFIG']
  const paths = inside(join(base(environment, 'XDG_CONFIG_HOME', '.config'), 'opencode'))
  return found(named === undefined ? paths : [...paths, resolve(named)])
}

export async function fingerprints(paths: readonly string[]): Promise<ConfigFiles> {
  const entries = paths.map(async (path) => {
    const said = meaning(path, await read(path))
    return [path, said === undefined ? 'absent' : createHash('sha256').update(said).digest('base64')] as const
  })
  return new Map(await Promise.all(entries))
}

/** Written by OpenCode itself: `$schema` into a file that has none, the user's file when there is none, tokens when they run out. */
const OWN = /"(?:\$schema|access|refresh|expires)"\s*:\s*(?:"[^"]*"|\d+)\s*,?/g

/** What people have written; without the spaces, in JSON. */
function meaning(path: string, content: string | undefined): string | undefined {
  if (content === undefined || !/\.jsonc?$/.test(path)) return content
  const said = content.replaceAll(OWN, '').replaceAll(/\s/g, '')
  return said === '{}' ? undefined : said
}

export async function haveChanged(files: ConfigFiles): Promise<boolean> {
  const now = await fingerprints([...files.keys()])
  return [...files].some(([path, hash]) => now.get(path) !== hash)
}

/** Other stamps: something may have changed. Synchronous: 1 to 2 µs a file, where the thread pool may be busy for milliseconds. */
export function stampsOf(...files: readonly ConfigFiles[]): string {
  return files.flatMap((each) => [...each.keys()].map(stamp)).join(' ')
}

function stamp(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : ABSENT
  } catch {
    return ABSENT
  }
}

const inside = (folder: string): readonly string[] => [...NAMES, ...FOLDERS].map((name) => join(folder, name))

const base = (environment: Environment, name: string, fallback: string): string =>
  environment[name] ?? join(environment['HOME'] ?? homedir(), fallback)

function folders(directory: string): readonly string[] {
  const above = dirname(directory)
  return above === directory ? [directory] : [directory, ...folders(above)]
}

async function found(paths: readonly string[]): Promise<ConfigFiles> {
  const more = paths.map(async (path) =>
    FOLDERS.includes(basename(path)) ? listed(path) : referred(await read(path), dirname(path)),
  )
  return fingerprints([...paths, ...(await Promise.all(more)).flat()])
}

async function listed(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.map((name) => join(folder, name))
}

function referred(content: string | undefined, folder: string): readonly string[] {
  const names = [...(content ?? '').matchAll(/\{file:([^}]+)\}/g)].map((match) => match[1] ?? '')
  return names.map((name) => (name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(folder, name)))
}

async function read(path: string): Promise<string | undefined> {
  // Most of them are not there.
  if (stamp(path) === ABSENT) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR'
    return isFolder ? (await listed(path)).toSorted().join('\n') : undefined
  }
}
