/**
 * What is known of the accounts of providers: the list that `kimaki multioauth` writes into the data folder, and what is used up, a file for
 * each account, in a folder that all bots and servers of this user share. Both are read at every request: another process may have changed them.
 */
import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

export interface Account {
  readonly label: string
  readonly key: string
}

/** `until`: Unix ms; null: until a person acts. */
export interface CoolDown {
  readonly until: number | null
  readonly why: string
}

/** `links`: the folder of `KIMAKI_AGENT_LINKS`, which lies in the data folder. */
export const accountsBeside = (links: string): string => join(dirname(links), 'accounts.json')

export function coolDownsOf({ HOME: home, XDG_STATE_HOME: state }: NodeJS.ProcessEnv): string {
  const base = state !== undefined && isAbsolute(state) ? state : join(home || homedir(), '.local', 'state')
  return join(base, 'kimaki', 'cool-downs')
}

/** In the order of the person; none where the file is not there, is a link, another user's, or open to others. */
export function accountsOf(file: string, provider: string): readonly Account[] {
  const { providers } = (read(file) ?? {}) as { readonly providers?: Readonly<Record<string, unknown>> }
  const listed = providers && Object.hasOwn(providers, provider) ? providers[provider] : undefined
  return (Array.isArray(listed) ? (listed as readonly Partial<Account>[]) : []).flatMap(({ label, key }) =>
    typeof label === 'string' && typeof key === 'string' ? [{ label, key }] : [],
  )
}

export function coolDownOf(folder: string, provider: string, account: Account, now: number): CoolDown | undefined {
  const { until, why = '' } = (read(fileOf(folder, provider, account)) ?? {}) as Partial<CoolDown>
  if (until === null) return { until, why }
  return typeof until === 'number' && until > now ? { until, why } : undefined
}

export interface Model {
  readonly providerID: string
  readonly modelID: string
}

/** The first model in the person's order whose provider has an account that is not used up; undefined while `provider` has one. */
export function insteadOf(file: string, folder: string, provider: string, now: number): Model | undefined {
  const isFree = (id: string): boolean => {
    const accounts = accountsOf(file, id)
    return accounts.length === 0 || accounts.some((account) => !coolDownOf(folder, id, account, now))
  }
  if (isFree(provider)) return undefined
  const { order } = (read(file) ?? {}) as { readonly order?: unknown }
  const models = (Array.isArray(order) ? (order as readonly unknown[]) : []).flatMap((name) => {
    const [, providerID, modelID] = /^([^/]+)\/(.+)$/.exec(String(name)) ?? []
    return providerID === undefined || modelID === undefined ? [] : [{ providerID, modelID }]
  })
  return models.find(({ providerID }) => isFree(providerID))
}

/** False: an earlier request found the same, or the disk takes nothing. */
export function cool(
  folder: string,
  { provider, account }: { readonly provider: string; readonly account: Account },
  found: CoolDown,
  now: number,
): boolean {
  if (coolDownOf(folder, provider, account, now)) return false
  const file = fileOf(folder, provider, account)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(found), { mode: 0o600 })
    renameSync(`${file}.${process.pid}`, file)
    return true
  } catch {
    return false
  }
}

/** Named by a hash of the key: a new key under the same label begins anew. */
const fileOf = (folder: string, provider: string, { key }: Account): string =>
  join(folder, `${createHash('sha256').update(`${provider}\0${key}`).digest('hex').slice(0, 32)}.json`)

function read(file: string): unknown {
  try {
    const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(handle)
      const isOurs = stat.uid === process.geteuid?.() && (stat.mode & 0o077) === 0
      return stat.isFile() && isOurs && stat.size <= LARGEST_BYTES ? JSON.parse(readFileSync(handle, 'utf8')) : undefined
    } finally {
      closeSync(handle)
    }
  } catch {
    return undefined
  }
}

const LARGEST_BYTES = 1_000_000
