/**
 * Where servers write their output: a file for each, named after the project. Files and not pipes, because a server outlives a bot that is
 * killed. A server appends, so emptying a file that has grown beyond 1 MB bounds it while its server runs.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync, truncateSync } from 'node:fs'
import { basename, join } from 'node:path'

const LIMIT_BYTES = 1_000_000
const NAME = /^opencode-server-.*\.log$/

export function outputFile(dataDir: string, project: string): string {
  const name = basename(project)
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, 40)
  const hash = createHash('sha256').update(project).digest('hex').slice(0, 6)
  return join(dataDir, `opencode-server-${name}-${hash}.log`)
}

/** What was written from this byte on; from the beginning, if the file was emptied meanwhile. Empty when it cannot be read. */
export function outputSince(path: string, from: number): string {
  try {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const start = size < from ? 0 : from
      const bytes = Buffer.alloc(Math.min(size - start, LIMIT_BYTES))
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start)).toString('utf8')
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}

export function boundOutputs(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((name) => NAME.test(name))) {
    const file = join(dataDir, name)
    if (statSync(file).size > LIMIT_BYTES) truncateSync(file)
  }
}
