/**
 * How this machine is known, as people gave it or as it was made here: `credentials.json` in the data folder, for its user alone.
 *
 * The file keeps the token of a bot of one's own and the credentials for a gateway side by side, and says which of them is used.
 */
import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'

export interface SavedGateway {
  readonly clientId: string
  readonly secret: string
  /** Where its pages are, without a slash at the end. */
  readonly website: string
  /** REST base that ends in `/api`. */
  readonly apiUrl: string
  /** A way into a server whose end is not known. */
  readonly attempt?: string | undefined
  /** The machine was let into a server. */
  readonly isAuthorized: boolean
}

export interface Saved {
  /** Of a bot of one's own. */
  readonly token?: string | undefined
  readonly gateway?: SavedGateway | undefined
  readonly uses?: 'gateway' | undefined
}

export const credentialsIn = (dataDir: string): string => join(dataDir, 'credentials.json')

/** Whoever could write the file could have the bot obey them in a server of theirs: then it is not used. */
export function readSaved(dataDir: string): Saved | UsageError {
  const file = credentialsIn(dataDir)
  try {
    // A link is not followed: whoever made it chose what is read.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const { uid, mode } = fstatSync(handle)
      const user = process.geteuid?.()
      if (user !== undefined && (uid !== user || (mode & 0o077) !== 0)) return unsafe(file)
      return savedIn(readFileSync(handle, 'utf8')) ?? unreadable(file)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return {}
    return code === 'ELOOP' ? unsafe(file) : unreadable(file)
  }
}

/** From now on the bot of one's own is used. */
export const saveToken = (dataDir: string, token: string): void => change(dataDir, { token, uses: undefined })

/** `isUsed`: from now on this machine connects through the gateway. */
export const saveGateway = (dataDir: string, gateway: SavedGateway, isUsed?: 'is used'): void =>
  change(dataDir, { gateway, ...(isUsed && { uses: 'gateway' }) })

/** Whole or not at all. What cannot be read is replaced. */
function change(dataDir: string, next: Saved): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const known = readSaved(dataDir)
  const file = credentialsIn(dataDir)
  const draft = `${file}.new`
  writeFileSync(draft, `${JSON.stringify({ ...(known instanceof UsageError ? {} : known), ...next })}\n`, { mode: 0o600 })
  // The mode above is only for a file that is new.
  chmodSync(draft, 0o600)
  renameSync(draft, file)
}

const GATEWAY_TEXTS = ['clientId', 'secret', 'website', 'apiUrl'] as const

function savedIn(text: string): Saved | undefined {
  try {
    const { token, gateway, uses } = JSON.parse(text) as { readonly [Name in keyof Saved]: unknown }
    const isToken = typeof token === 'string' && token !== ''
    if (!isToken && !isGateway(gateway)) return undefined
    return {
      ...(isToken && { token }),
      ...(isGateway(gateway) && { gateway, ...(uses === 'gateway' && { uses }) }),
    }
  } catch {
    return undefined
  }
}

function isGateway(value: unknown): value is SavedGateway {
  if (typeof value !== 'object' || value === null) return false
  const known = value as Readonly<Record<string, unknown>>
  return GATEWAY_TEXTS.every((name) => typeof known[name] === 'string') && typeof known['isAuthorized'] === 'boolean'
}

const unsafe = (file: string): UsageError =>
  new UsageError({
    reason: `${file}, which holds the bot token, is a link, another user's, or open to others, so it is not used. Make it yours with mode 600, or remove it and run kimaki again.`,
  })

const unreadable = (file: string): UsageError =>
  new UsageError({
    reason: `${file} holds no bot token that can be read. Remove it and run kimaki again, or set KIMAKI_BOT_TOKEN.`,
  })
