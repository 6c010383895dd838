/** `kimaki multioauth`, as a program calls it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  accountAdd,
  accountClear,
  accountFallback,
  accountList,
  accountOrder,
  accountRemove,
} from '../../../src/cli/commands/accounts/multioauth.ts'
import type { CliCommand } from '../../../src/cli/command.ts'
import { readConfig } from '../../../src/cli/config.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'multioauth-'))))
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true })
})

/** What it prints, or the sentence of its error. */
async function run(command: CliCommand, args: readonly string[], { input = '', json = true } = {}): Promise<string> {
  const piped = new PassThrough()
  piped.end(input)
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(piped as never)
  const config = readConfig({ dataDir: dir }, { XDG_STATE_HOME: join(dir, 'state') })
  if (config instanceof Error) throw config
  const lines: string[] = []
  const options = json ? { json: true } : {}
  const ended = await command.run({ config, args, options: options as never, print: (line) => void lines.push(line) })
  return ended instanceof Error ? ended.message : lines.join('\n')
}
const add = (label: string, key: string): Promise<string> => run(accountAdd, ['acme', label], { input: `${key}\n` })
const labels = (said: string): readonly string[] =>
  (
    JSON.parse(said) as { readonly providers: readonly { readonly accounts: readonly { readonly label: string }[] }[] }
  ).providers.flatMap(({ accounts }) => accounts.map(({ label }) => label))

test('accounts are added with a key that is piped in, put in order, and taken out; no key is ever printed', async () => {
  const said = [await add('work', 'key-of-work'), await add('home', 'key-of-home'), await run(accountOrder, ['acme', 'home'])]
  expect(labels(said.at(-1) ?? '')).toEqual(['home', 'work'])
  expect(await run(accountList, [], { json: false })).toBe('acme  home  in use\nacme  work  ready')
  expect(JSON.parse(await run(accountFallback, ['other/m,third/fast:free']))).toMatchObject({
    order: ['other/m', 'third/fast:free'],
  })
  expect(said.join('\n')).not.toContain('key-of')
  expect(labels(await run(accountRemove, ['acme', 'home']))).toEqual(['work'])
  expect(readFileSync(join(dir, 'accounts.json'), 'utf8')).not.toContain('key-of-home')
  expect(labels(await run(accountClear, ['acme']))).toEqual(['work'])
})

test('what is wrong is told in a sentence, and changes nothing', async () => {
  await add('work', 'key-of-work')
  expect(await add('work', 'key-of-home')).toMatch('has the account work already')
  expect(await add('home', 'key-of-work')).toMatch('has the account work already')
  expect(await add('home', '')).toMatch('That is no API key')
  expect(await add('two words', 'key-of-home')).toMatch('<label> may have letters')
  expect(await run(accountRemove, ['acme', 'home'])).toMatch('acme has no account "home"')
  expect(await run(accountOrder, ['constructor', 'work'])).toMatch('has no account')
  expect(await run(accountClear, ['other'])).toMatch('other has no account')
  expect(await run(accountFallback, ['gpt'])).toMatch('A model is provider/model')
  expect(labels(await run(accountList, []))).toEqual(['work'])
})
