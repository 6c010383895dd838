/** The list of accounts on the disk, and what is used up. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.ts'
import { limitsText } from '../../../src/commands/settings/limits.ts'
import { accountsIn, changeAccounts, readAccounts, type StoredAccount } from '../../../src/host/accounts/account-list.ts'
import { clearCoolDown, createAccounts } from '../../../src/host/accounts/cool-downs.ts'

const NOW = 1_900_000_000_000
let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'accounts-'))))
afterEach(() => rmSync(dir, { recursive: true }))

const account = (label: string): StoredAccount => ({ label, kind: 'api', key: `key-of-${label}` })
const keep = (...labels: readonly string[]) =>
  changeAccounts(dir, () => ({ providers: { acme: labels.map(account) }, order: ['other/m'] }))
const environment = () => ({ XDG_STATE_HOME: join(dir, 'state') })
const read = () => createAccounts({ dataDir: dir, environment: environment(), now: () => NOW }).read()
const cool = (label: string, found: object): void => {
  const folder = join(dir, 'state', 'kimaki', 'cool-downs')
  mkdirSync(folder, { recursive: true })
  const name = createHash('sha256').update(`acme\0key-of-${label}`).digest('hex').slice(0, 32)
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(found))
}

test('the list is for its user alone, and gone with its last account', () => {
  expect(keep('work', 'home')).toBeUndefined()
  expect(statSync(accountsIn(dir)).mode & 0o777).toBe(0o600)
  expect(readAccounts(dir)).toEqual({ providers: { acme: [account('work'), account('home')] }, order: ['other/m'] })
  expect(keep()).toBeUndefined()
  expect([existsSync(accountsIn(dir)), readAccounts(dir)]).toEqual([false, { providers: {}, order: [] }])
})

test('one that is a link, open to others or no list is not used, and stays as it is', () => {
  keep('work')
  chmodSync(accountsIn(dir), 0o640)
  expect(readAccounts(dir)).toBeInstanceOf(UsageError)
  expect(keep('other')?.message).toContain('open to others')
  writeFileSync(join(dir, 'elsewhere'), '{}', { mode: 0o600 })
  rmSync(accountsIn(dir))
  symlinkSync(join(dir, 'elsewhere'), accountsIn(dir))
  expect(keep('other')).toBeInstanceOf(UsageError)
  expect(readFileSync(join(dir, 'elsewhere'), 'utf8')).toBe('{}')
  rmSync(accountsIn(dir))
  writeFileSync(accountsIn(dir), '[', { mode: 0o600 })
  expect(keep('other')?.message).toContain('cannot be read')
})

test('two changes at a time: the second is refused; what a killed process left holds up nobody', () => {
  const draft = `${accountsIn(dir)}.new`
  writeFileSync(draft, '')
  expect(keep('work')?.message).toContain('another kimaki')
  utimesSync(draft, 1, 1)
  expect(keep('work')).toBeUndefined()
  expect(existsSync(draft)).toBe(false)
})

test('the first account that is not used up is in use; one that could not log in is out until a person clears it', () => {
  keep('work', 'home', 'third')
  cool('work', { until: null, why: 'the provider does not take its key' })
  cool('home', { until: NOW - 1, why: 'its limit is reached' })
  const states = () => {
    const found = read()
    return found instanceof Error ? [] : (found.providers[0]?.accounts ?? []).map(({ label, state }) => `${label} ${state}`)
  }
  expect(states()).toEqual(['work out', 'home in-use', 'third ready'])
  cool('home', { until: NOW + 60_000, why: 'its limit is reached' })
  expect(states()).toEqual(['work out', 'home used-up', 'third in-use'])
  clearCoolDown(environment(), 'acme', account('work'))
  expect(states()).toEqual(['work in-use', 'home used-up', 'third ready'])
})

test('/limits tells them by label, with a time that Discord shows, and never a key', () => {
  keep('work', 'home')
  cool('work', { until: NOW + 60_000, why: 'its limit is reached' })
  const found = read()
  const said = found instanceof Error ? '' : limitsText(found)
  expect(said).toBe(
    '⬦ accounts, in the order in which they are tried\n**acme**\n- work: used up until <t:1900000060:f> (<t:1900000060:R>): its limit is reached\n- home: in use\nwhen all of one are used up: other/m',
  )
  expect(limitsText({ providers: [], order: [] })).toContain('kimaki multioauth add')
  const many = Array.from({ length: 300 }, (_, n) => ({ label: `account-${n}`, state: 'ready' as const }))
  expect(limitsText({ providers: [{ provider: 'acme', accounts: many }], order: [] }).length).toBeLessThan(2000)
})
