/** The secret that lets a command on this machine talk to the running bot: a private file in the data folder, made once. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function controlToken(dataDir: string): string {
  const file = join(dataDir, 'control-token')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}
