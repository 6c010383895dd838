/** Attachments of people's messages as files below the data folder. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Files, Log } from '../ports/host.ts'

export function createFiles(dataDir: string, log: Log): Files {
  const folder = join(dataDir, 'attachments')
  return {
    async saveAttachment(name, data) {
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
