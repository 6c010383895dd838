/**
 * Which accounts are used up: a file for each, which the plugin writes (`packages/opencode-plugin/src/accounts/stored.ts`). They lie in a folder of
 * the user and not of one bot: a limit counts for all bots and servers of this machine.
 */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { UsageError } from '../../base/errors.ts'
import type { Accounts, AccountState, Listed, ProviderAccounts } from '../../ports/accounts.ts'
import { readAccounts, type AccountList, type StoredAccount } from './account-list.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface AccountsOptions {
  readonly dataDir: string
  readonly environment: Environment
  /** Unix ms. */
  readonly now: () => number
}

export const createAccounts = (options: AccountsOptions): Accounts => ({
  read(): Listed | UsageError {
    const list = readAccounts(options.dataDir)
    return list instanceof Error ? list : { providers: statesOf(list, options), order: list.order }
  },
})

function statesOf(list: AccountList, { environment, now }: AccountsOptions): readonly ProviderAccounts[] {
  const folder = coolDownsOf(environment)
  return Object.entries(list.providers).map(([provider, accounts]) => {
    const states = accounts.map((account) => stateOf(fileOf(folder, provider, account), account, now()))
    const first = states.findIndex(({ state }) => state === 'ready')
    return { provider, accounts: states.map((one, index) => (index === first ? { ...one, state: 'in-use' } : one)) }
  })
}

function stateOf(file: string, { label }: StoredAccount, now: number): AccountState {
  const { until, why = '' } = readCoolDown(file)
  if (until === null) return { label, state: 'out', why }
  return typeof until === 'number' && until > now ? { label, state: 'used-up', until, why } : { label, state: 'ready' }
}

/** The account counts as new. */
export const clearCoolDown = (environment: Environment, provider: string, account: StoredAccount): void =>
  rmSync(fileOf(coolDownsOf(environment), provider, account), { force: true })

function coolDownsOf({ HOME: home, XDG_STATE_HOME: state }: Environment): string {
  const base = state !== undefined && isAbsolute(state) ? state : join(home || homedir(), '.local', 'state')
  return join(base, 'kimaki', 'cool-downs')
}

const fileOf = (folder: string, provider: string, { key }: StoredAccount): string =>
  join(folder, `${createHash('sha256').update(`${provider}\0${key}`).digest('hex').slice(0, 32)}.json`)

function readCoolDown(file: string): { readonly until?: unknown; readonly why?: string } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { readonly until?: unknown; readonly why?: string }
  } catch {
    // Most accounts are not used up.
    return {}
  }
}
