/** The files OpenCode reads a project's configuration from, as fingerprints: has anything changed since? */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** Path to a hash of the content, or to 'absent'. */
export type ConfigFiles = ReadonlyMap<string, string>

const NAMES = ['opencode.json', 'opencode.jsonc', '.opencode/opencode.json', '.opencode/opencode.jsonc']

/** Of the project and every folder above it, with the files they refer to (`{file:key.txt}`). */
export async function configFiles(directory: string): Promise<ConfigFiles> {
  const paths = folders(resolve(directory)).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const contents = await Promise.all(paths.map(read))
  const references = contents.flatMap((content, index) => referred(content, dirname(paths[index] ?? directory)))
  return fingerprints([...paths, ...references])
}

export async function fingerprints(paths: readonly string[]): Promise<ConfigFiles> {
  const entries = paths.map(async (path) => {
    const content = await read(path)
    const hash = content === undefined ? 'absent' : createHash('sha256').update(content).digest('base64')
    return [path, hash] as const
  })
  return new Map(await Promise.all(entries))
}

export async function haveChanged(files: ConfigFiles): Promise<boolean> {
  const now = await fingerprints([...files.keys()])
  return [...files].some(([path, hash]) => now.get(path) !== hash)
}

function folders(directory: string): readonly string[] {
  const above = dirname(directory)
  return above === directory ? [directory] : [directory, ...folders(above)]
}

function referred(content: string | undefined, folder: string): readonly string[] {
  const names = [...(content ?? '').matchAll(/\{file:([^}]+)\}/g)].map((match) => match[1] ?? '')
  return names.map((name) => (name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(folder, name)))
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
