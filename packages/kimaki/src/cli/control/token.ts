/** The secret that lets a command on this machine talk to the running bot: a private file in the data folder, made once. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function controlToken(dataDir: string): string {
  const file = join(dataDir, 'control-token')
  return read(file) ?? make(file) ?? readFileSync(file, 'utf8').trim()
}

/** Undefined without a file. An empty file, which a crash has left, is removed. */
function read(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const token = readFileSync(file, 'utf8').trim()
  if (token === '') unlinkSync(file)
  return token || undefined
}

/** Undefined when another process has made the file first: the token of that process counts. */
function make(file: string): string | undefined {
  const token = randomBytes(24).toString('base64url')
  try {
    writeFileSync(file, token, { mode: 0o600, flag: 'wx' })
    return token
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
    throw error
  }
}
