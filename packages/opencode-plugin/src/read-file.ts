/** Reads files of a project, whatever stands there: one that waits for a writer would hold up every project of the server. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

const LARGEST_BYTES = 1_000_000

/** Its beginning, where it is huge; undefined where there is no ordinary file. */
export function readFile(path: string): string | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(file)
      if (!stat.isFile()) return undefined
      const bytes = Buffer.alloc(Math.min(stat.size, LARGEST_BYTES))
      return bytes.subarray(0, readSync(file, bytes)).toString('utf8')
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}
