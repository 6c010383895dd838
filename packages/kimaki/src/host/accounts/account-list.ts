/**
 * The accounts that a person has listed: `accounts.json` in the data folder, for its user alone. The plugin in the OpenCode servers reads the
 * same file (`packages/opencode-plugin/src/accounts/stored.ts`), so its shape is a promise:
 *
 *     { "version": 1, "providers": { "anthropic": [{ "label": "work", "kind": "api", "key": "sk-…" }] },
 *       "order": ["openai/gpt-5"] }
 */
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'

export interface StoredAccount {
  readonly label: string
  readonly kind: 'api'
  readonly key: string
}

export interface AccountList {
  /** By provider, in the order in which they are tried. */
  readonly providers: Readonly<Record<string, readonly StoredAccount[]>>
  /** Models, `provider/model`, that go on when every account of a provider is used up: the first whose provider is free. */
  readonly order: readonly string[]
}

export const accountsIn = (dataDir: string): string => join(dataDir, 'accounts.json')

/** Whoever could write the file could have requests sent with their own key, and read them: then it is not used. */
export function readAccounts(dataDir: string): AccountList | UsageError {
  const file = accountsIn(dataDir)
  try {
    // A link is not followed: whoever made it chose what is read.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(handle)
      if (!stat.isFile() || stat.uid !== process.geteuid?.() || (stat.mode & 0o077) !== 0) return unsafe(file)
      return listIn(readFileSync(handle, 'utf8')) ?? unreadable(file)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { providers: {}, order: [] }
    return code === 'ELOOP' ? unsafe(file) : unreadable(file)
  }
}

/** Whole or not at all, and one change after the other. Without any account there is no file, and so no work for the plugin. */
export function changeAccounts(dataDir: string, change: (list: AccountList) => AccountList | UsageError): UsageError | undefined {
  const file = accountsIn(dataDir)
  const draft = `${file}.new`
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    closeSync(openDraft(draft))
  } catch {
    return new UsageError({ reason: `${draft} cannot be written, or another kimaki changes the accounts just now. Try again.` })
  }
  try {
    const known = readAccounts(dataDir)
    const changed = known instanceof Error ? known : change(known)
    if (changed instanceof Error) return changed
    const providers = Object.fromEntries(Object.entries(changed.providers).filter(([, accounts]) => accounts.length > 0))
    if (Object.keys(providers).length === 0) rmSync(file, { force: true })
    else {
      writeFileSync(draft, `${JSON.stringify({ version: 1, providers, order: changed.order }, undefined, 2)}\n`)
      chmodSync(draft, 0o600)
      renameSync(draft, file)
    }
    return undefined
  } catch (error) {
    return new UsageError({ reason: `${file} could not be written: ${error instanceof Error ? error.message : String(error)}` })
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A draft that is this old belongs to a process that was killed. */
const STALE_MS = 10_000

function openDraft(draft: string): number {
  try {
    return openSync(draft, 'wx', 0o600)
  } catch (error) {
    if (Math.abs(Date.now() - statSync(draft).mtimeMs) < STALE_MS) throw error
    rmSync(draft)
    return openSync(draft, 'wx', 0o600)
  }
}

function listIn(text: string): AccountList | undefined {
  try {
    const { providers, order } = JSON.parse(text) as { readonly providers?: unknown; readonly order?: unknown }
    if (typeof providers !== 'object' || providers === null) return undefined
    const lists = Object.entries(providers).map(([provider, listed]) => [provider, accountsOf(listed)] as const)
    const names = Array.isArray(order) ? (order as readonly unknown[]).filter((name) => typeof name === 'string') : []
    return { providers: Object.fromEntries(lists), order: names }
  } catch {
    return undefined
  }
}

const accountsOf = (listed: unknown): readonly StoredAccount[] =>
  (Array.isArray(listed) ? (listed as readonly Partial<StoredAccount>[]) : []).flatMap(
    ({ label, key }): readonly StoredAccount[] =>
      typeof label === 'string' && typeof key === 'string' ? [{ label, kind: 'api', key }] : [],
  )

const unsafe = (file: string): UsageError =>
  new UsageError({
    reason: `${file}, which holds the keys of your accounts, is a link, another user's, or open to others, so it is not used. Make it yours with mode 600, or remove it and add the accounts again.`,
  })

const unreadable = (file: string): UsageError =>
  new UsageError({ reason: `${file} cannot be read as a list of accounts. Remove it and add the accounts again.` })
