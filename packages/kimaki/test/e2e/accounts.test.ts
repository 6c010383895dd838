/** Several accounts of a provider, from a limit that is reached to what people read of it, with the real OpenCode. */
import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openCodeProvider } from 'scripted-model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountsIn, changeAccounts } from '../../src/host/accounts/account-list.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { keyedEntry, startKeyedProvider, type KeyedProvider } from '../support/keyed-provider.ts'
import { useHarness } from '../support/use-harness.ts'

const { harness, project, ask } = useHarness({
  opencode: 'lent',
  rules: [
    {
      match: /work (#m\d+)/,
      steps: ([, tag]) => [
        {
          kind: 'tools',
          calls: [{ name: 'bash', args: { command: 'until [ -e go ]; do sleep 0.05; done', description: 'Wait' } }],
        },
        { kind: 'text', text: `Answer to ${tag}` },
      ],
    },
    { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
  ],
})
const refused = new Set(['key-of-work'])
let provider: KeyedProvider
let bot: InnerBot
/** Where the OpenCode that is lent takes the data folder of its bot to be. */
const dataDirOfServer = (): string => dirname(harness.env['XDG_DATA_HOME'] ?? '')

beforeAll(async () => {
  provider = await startKeyedProvider(harness.model.url, refused)
  const scripted = openCodeProvider(harness.model.url)['provider'] as object
  const entry = { provider: { ...scripted, acme: keyedEntry(provider.url, 'configured') } }
  const names = { model: 'acme/m', small_model: 'acme/m', enabled_providers: ['acme', 'scripted'] }
  writeFileSync(join(project.directory, 'opencode.json'), harness.openCodeConfig({ ...names, ...entry }))
  bot = await startInnerBot(harness)
})
afterAll(async () => {
  // The server is lent to the next test.
  rmSync(accountsIn(dataDirOfServer()), { force: true })
  rmSync(join(harness.env['XDG_STATE_HOME'] ?? '', 'kimaki'), { recursive: true, force: true })
  await provider.stop()
})

/** Undefined as long as the bot has not registered the command. */
function invoked(thread: string, name: string) {
  try {
    return harness.owner.command(thread, name)
  } catch {
    return undefined
  }
}

test('the first account has reached its limit: the second answers in the same run, nothing starts anew, and people can read it', async () => {
  const thread = ask('hello #m1')
  await harness.untilFooters(thread, 1)
  expect(provider.keys).toEqual(['configured'])

  const listed = ['work', 'home'].map((label) => ({ label, kind: 'api' as const, key: `key-of-${label}` }))
  for (const dataDir of [harness.dataDir, dataDirOfServer()])
    expect(changeAccounts(dataDir, () => ({ providers: { acme: listed }, order: ['scripted/scripted-model'] }))).toBeUndefined()
  ask('and #m2', thread)
  await harness.untilFooters(thread, 2)
  expect(provider.keys).toEqual(['configured', 'key-of-work', 'key-of-home'])
  const line = await harness.untilSaid(thread, 'acme: the account work is out until')
  expect(line).toMatch(/its limit is reached; going on with the account home$/)
  expect(harness.said(thread).join('\n')).not.toMatch(/asked again|key-of/)
  expect(bot.said()).not.toMatch(/restarted|read again/)

  const use = await harness.emulator.world.until('/limits to be registered', () => invoked(thread, 'limits'))
  const limits = await harness.emulator.world.until('the answer', () => use.response?.content || undefined)
  const states = '- work: used up until <t:N:f> (<t:N:R>): its limit is reached\n- home: in use'
  expect(limits.replaceAll(/\d+/g, 'N')).toMatch(`**acme**\n${states}\nwhen all of one are used up: scripted/scripted-model`)

  ask('work #m3', thread)
  const before = provider.keys.length
  await harness.emulator.world.until('the tool', () => (provider.keys.length > before ? true : undefined))
  refused.add('key-of-home')
  writeFileSync(join(project.directory, 'go'), '')
  await harness.untilSaid(thread, 'every account of acme is used up: scripted/scripted-model goes on')
  await harness.untilSaid(thread, 'Answer to #m3')
  await harness.untilFooters(thread, 3)
  ask('and #m4', thread)
  await harness.untilSaid(thread, 'Answer to #m4')
  await harness.untilFooters(thread, 4)
  expect(provider.keys.at(-1)).toBe('key-of-home')
  expect(harness.said(thread).join('\n')).not.toMatch(/✗|terminal|without a word/)
  harness.expectFaithful()
})
