/**
 * What servers print, a file each, named after the project: to files and not to pipes, because a server outlives a bot that is
 * killed. They are written at their end, so emptying one that has grown beyond 1 MB bounds it while its server runs.
 */
import { createHash } from 'node:crypto'
import { readdirSync, statSync, truncateSync } from 'node:fs'
import { basename, join } from 'node:path'

const MOST_BYTES = 1_000_000
const NAME = /^opencode-server-.*\.log$/

export function outputFile(dataDir: string, project: string): string {
  const name = basename(project)
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, 40)
  const mark = createHash('sha256').update(project).digest('hex').slice(0, 6)
  return join(dataDir, `opencode-server-${name}-${mark}.log`)
}

export function boundOutputs(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((name) => NAME.test(name))) {
    const file = join(dataDir, name)
    if (statSync(file).size > MOST_BYTES) truncateSync(file)
  }
}
