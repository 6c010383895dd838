/** Attachments of people's messages as files below the data folder: `attachments/<conversation>/`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { Files, Log } from '../ports/host.ts'

export function createFiles(dataDir: string, log: Log): Files {
  const root = resolve(dataDir, 'attachments')
  return {
    ownerOf(patterns) {
      const [owner, ...others] = new Set(patterns.map((pattern) => ownerIn(root, pattern)))
      return others.length === 0 ? owner : undefined
    },

    async saveAttachment(conversationId, name, data) {
      const folder = join(root, conversationId)
      const path = join(folder, name)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFile(path, data, { mode: 0o600 })
        return path
      } catch (error) {
        log.error('an attachment could not be saved', { path, error: String(error) })
        return undefined
      }
    },
  }
}

/** The folder of a conversation that everything the pattern matches lies in: a wildcard may only stand below it, and nothing leads out. */
function ownerIn(root: string, pattern: string): string | undefined {
  const [owner = '', ...below] = relative(root, pattern).split(sep)
  const isBelow = pattern.startsWith(root + sep) && below.length > 0 && !pattern.split(sep).includes('..')
  return isBelow && /^\d+$/.test(owner) ? owner : undefined
}
