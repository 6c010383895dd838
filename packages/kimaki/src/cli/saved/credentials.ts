/** The bot token that a person gave at a terminal: `credentials.json` in the data folder, for its user alone. */
import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'

export const credentialsIn = (dataDir: string): string => join(dataDir, 'credentials.json')

/** Undefined: none is saved. Whoever could write the file could have the bot obey them in a server of theirs: then it is not used. */
export function savedToken(dataDir: string): string | undefined | UsageError {
  const file = credentialsIn(dataDir)
  try {
    // A link is not followed: whoever made it chose what is read.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const { uid, mode } = fstatSync(handle)
      const user = process.geteuid?.()
      if (user !== undefined && (uid !== user || (mode & 0o077) !== 0)) return unsafe(file)
      return tokenIn(readFileSync(handle, 'utf8')) ?? unreadable(file)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return code === 'ELOOP' ? unsafe(file) : unreadable(file)
  }
}

/** Whole or not at all. */
export function saveToken(dataDir: string, token: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = credentialsIn(dataDir)
  const draft = `${file}.new`
  writeFileSync(draft, `${JSON.stringify({ token })}\n`, { mode: 0o600 })
  // The mode above is only for a file that is new.
  chmodSync(draft, 0o600)
  renameSync(draft, file)
}

function tokenIn(text: string): string | undefined {
  try {
    const { token } = JSON.parse(text) as { readonly token?: unknown }
    return typeof token === 'string' && token !== '' ? token : undefined
  } catch {
    return undefined
  }
}

const unsafe = (file: string): UsageError =>
  new UsageError({
    reason: `${file}, which holds the bot token, is a link, another user's, or open to others, so it is not used. Make it yours with mode 600, or remove it and run kimaki again.`,
  })

const unreadable = (file: string): UsageError =>
  new UsageError({
    reason: `${file} holds no bot token that can be read. Remove it and run kimaki again, or set KIMAKI_BOT_TOKEN.`,
  })
