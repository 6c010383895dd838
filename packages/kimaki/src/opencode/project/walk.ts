/** The files below a folder, with bounds: links are followed as OpenCode follows them, and one may lead to the whole disk. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface Walked {
  /** Paths of files, and of whatever is neither file nor folder. */
  readonly files: readonly string[]
  /** There are more: the walk was given up. */
  readonly isCut: boolean
}

/** A folder of agents or commands has a few dozen. */
export const MOST_FILES = 2_000
const DEEPEST = 12

/** One call after the other. A folder that is not there has no files. */
export async function walk(folder: string): Promise<Walked> {
  const files: string[] = []
  const seen = new Set<string>()
  let looked = 0
  const isCut = await below(folder, 0)
  return { files, isCut }

  /** True once there is too much. */
  async function below(path: string, depth: number): Promise<boolean> {
    const real = await realpath(path).catch(() => undefined)
    if (real === undefined || seen.has(real)) return false
    seen.add(real)
    const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      looked += 1
      if (looked > MOST_FILES || depth > DEEPEST) return true
      const child = join(path, entry.name)
      const isFolder = entry.isSymbolicLink()
        ? ((await stat(child).catch(() => undefined))?.isDirectory() ?? false)
        : entry.isDirectory()
      if (!isFolder) files.push(child)
      else if (await below(child, depth + 1)) return true
    }
    return false
  }
}
