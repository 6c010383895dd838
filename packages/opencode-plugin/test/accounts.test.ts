/** Accounts of a provider: what a refusal means, which account a request is sent with, and what is kept of it. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accountHooks } from '../src/accounts/hooks.ts'
import { judge, resetIn } from '../src/accounts/refusal.ts'
import { rotate, type Asked, type Rotation } from '../src/accounts/rotate.ts'
import { accountsOf, insteadOf } from '../src/accounts/stored.ts'
import type { PluginInput } from '../src/opencode.ts'

const NOW = Date.parse('2030-01-01T12:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('when a provider says that an account is free again', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '60' }, 1500],
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['a date', { 'retry-after': 'Tue, 01 Jan 2030 12:10:00 GMT' }, 10 * MINUTE],
    ['a date that is over', { 'retry-after': 'Tue, 01 Jan 2030 11:00:00 GMT' }, 0],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['nothing', {}, undefined],
    ['a Unix time in seconds', { 'x-ratelimit-reset': String((NOW + HOUR) / 1000) }, HOUR],
    ['a Unix time in milliseconds', { 'x-ratelimit-reset': String(NOW + HOUR) }, HOUR],
    ['a number of seconds', { 'ratelimit-reset': '45' }, 45_000],
    ['a duration', { 'x-ratelimit-reset-tokens': '6m0s' }, 6 * MINUTE],
    ['a short duration', { 'x-ratelimit-reset-requests': '120ms' }, 120],
    ['a date of its own', { 'anthropic-ratelimit-requests-reset': '2030-01-01T12:01:00Z' }, MINUTE],
    [
      'the longest, where none is known to be at zero',
      { 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-reset-tokens': '9s' },
      9000,
    ],
    [
      'that one which is at zero',
      {
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-tokens': '9s',
        'x-ratelimit-remaining-tokens': '12',
      },
      1000,
    ],
  ])('%s', (_, headers, expected) => {
    expect(resetIn(new Headers(headers), NOW)).toBe(expected)
  })
})

describe('what a refusal says about the account', () => {
  test.each<[string, number, string, Record<string, string>, number | null | undefined]>([
    ['a limit without a time: five minutes', 429, '', {}, 5 * MINUTE],
    ['a limit with a time', 429, '', { 'retry-after': '60' }, MINUTE],
    ['a limit that is over at once: a second', 429, '', { 'retry-after': '0' }, 1000],
    ['a limit for years: 31 days', 429, '', { 'retry-after': '99999999' }, 31 * 24 * HOUR],
    ['payment is needed: six hours', 402, '', {}, 6 * HOUR],
    ['payment is needed, with a time', 402, '', { 'retry-after': '60' }, MINUTE],
    ['no credit, told as a limit', 429, '{"error":{"code":"insufficient_quota"}}', {}, 6 * HOUR],
    ['no credit, told as a bad request', 400, 'Your credit balance is too low', {}, 6 * HOUR],
    ['a spending limit', 403, 'monthly spending limit reached', {}, 6 * HOUR],
    ['a key that is not taken: until a person acts', 401, '', {}, null],
    ['a log-in that has ended: until a person acts', 400, '{"error":"invalid_grant"}', {}, null],
    ['a model that is not allowed says nothing', 403, 'no access to this model', {}, undefined],
    ['a bad request says nothing', 400, 'max_tokens is too large', {}, undefined],
  ])('%s', (...[, status, body, headers, waits]) => {
    const found = judge({ status, body, headers: new Headers(headers) }, NOW)
    expect(found && (found.until === null ? null : found.until - NOW)).toBe(waits)
  })
})

let dir = ''
let file = ''
let told: (string | undefined)[][] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'accounts-'))
  file = join(dir, 'accounts.json')
  told = []
  order = []
  isHandedOver = false
})
afterEach(() => rmSync(dir, { recursive: true }))

let order: readonly string[] = []
let isHandedOver = false
const list = (...labels: readonly string[]): void => {
  const acme = labels.map((label) => ({ label, kind: 'api', key: `key-${label}` }))
  writeFileSync(file, JSON.stringify({ version: 1, providers: { acme, other: [{ label: 'only', key: 'key-other' }] }, order }), {
    mode: 0o600,
  })
}
const rotation = (now = NOW): Rotation => ({
  file,
  coolDowns: join(dir, 'state', 'cool-downs'),
  provider: 'acme',
  now: () => now,
  tell: (used, { why }, next) => void told.push([used, why, next]),
  handOver: async ({ providerID }) => {
    told.push(['hand over', providerID])
    return isHandedOver
  },
})
const CHAT = 'https://acme.test/v1/chat/completions'

/** Sends a request; `refuse` answers by key, everything else is answered. */
async function request(
  refuse: Readonly<Record<string, () => Response>>,
  given = rotation(),
  headers: Record<string, string> = {},
  asked: Asked = { url: CHAT, body: '{"stream":true}' },
) {
  const used: string[] = []
  const response = await rotate(given, new Headers({ authorization: 'Bearer configured', ...headers }), asked, async (own) => {
    const key = own.get('authorization')?.replace('Bearer ', '') ?? ''
    used.push([key, own.get('x-api-key')].filter(Boolean).join(' '))
    return refuse[key]?.() ?? new Response('answered')
  })
  return { used, response, text: await response.text() }
}
const limited = () => new Response('slow down', { status: 429, headers: { 'retry-after': '3600' } })
const unknown = () => new Response('who?', { status: 401 })

describe('a request of a provider with accounts', () => {
  test('is sent with the first, and with the key in whichever header the provider reads it', async () => {
    list('work', 'home')
    expect((await request({}, rotation(), { 'x-api-key': 'configured' })).used).toEqual(['key-work key-work'])
  })
  test('that is refused for a limit is sent again with the next, and somebody is told, once', async () => {
    list('work', 'home')
    expect(await request({ 'key-work': limited })).toMatchObject({ used: ['key-work', 'key-home'], text: 'answered' })
    expect(told).toEqual([['work', 'its limit is reached', 'home']])
    // Another request, of another server: the file is shared.
    expect((await request({ 'key-work': limited })).used).toEqual(['key-home'])
    expect((await request({}, rotation(NOW + HOUR + 1))).used).toEqual(['key-work'])
    expect(told).toHaveLength(1)
  })
  test('ends with the time at which the first is free, once all are used up', async () => {
    list('work', 'home')
    const { response, text, used } = await request({ 'key-work': limited, 'key-home': () => new Response('', { status: 402 }) })
    expect([used, response.status, response.headers.get('retry-after-ms')]).toEqual([['key-work', 'key-home'], 429, '3600000'])
    expect(text).toContain('every account of acme is used up, the first is free at 2030-01-01 13:00 UTC')
    expect((await request({})).used).toEqual([])
    expect(told.at(-1)).toEqual(['home', 'its credit is used up', undefined])
  })
  test('is refused for good once no account can log in', async () => {
    list('work')
    expect((await request({ 'key-work': unknown })).response.status).toBe(401)
    expect((await request({}, rotation(NOW + 365 * 24 * HOUR))).used).toEqual([])
  })
  test('ends at once, once all are used up, where another model goes on: the first in the order whose provider is free', async () => {
    order = ['acme/weak', 'other/strong', 'third/weak']
    list('work')
    const coolDowns = join(dir, 'state', 'cool-downs')
    const instead = () => insteadOf(file, coolDowns, 'acme', NOW)
    expect(instead()).toBeUndefined()
    const { response, text } = await request({ 'key-work': limited })
    // A word of a limit would have OpenCode wait and ask again.
    expect([response.status, text]).toEqual([401, expect.not.stringMatching(/429|rate.?limit|exhausted/i)])
    expect(text).toContain('write once more, and other/strong goes on')
    expect(instead()).toEqual({ providerID: 'other', modelID: 'strong' })
    await request({ 'key-other': limited }, { ...rotation(), provider: 'other' })
    expect(instead()).toEqual({ providerID: 'third', modelID: 'weak' })
  })
  test('is answered without a word where the run can go on with the other model, which is named first', async () => {
    order = ['other/strong']
    list('work')
    isHandedOver = true
    const { response, text } = await request({ 'key-work': limited })
    expect([response.status, response.headers.get('content-type'), told.at(-1)]).toEqual([
      200,
      'text/event-stream',
      ['hand over', 'other'],
    ])
    expect(text).toContain('"finish_reason":"account_used_up"')
  })
  test.each([
    ['of a kind of which nobody knows how such an answer looks', { url: 'https://acme.test/v1/chat', body: '{"stream":true}' }],
    ['that wants its answer whole', { url: CHAT, body: '{"stream":false}' }],
  ])('%s ends the run', async (_which, asked) => {
    order = ['other/strong']
    list('work')
    isHandedOver = true
    const { response, text } = await request({ 'key-work': limited }, rotation(), {}, asked)
    expect([response.status, text, told.length]).toEqual([401, expect.stringContaining('write once more'), 1])
  })
  test('comes back as it is where the refusal is not about the account', async () => {
    list('work', 'home')
    const { used, response, text } = await request({ 'key-work': () => new Response('too large', { status: 400 }) })
    expect([used, response.status, text, told]).toEqual([['key-work'], 400, 'too large', []])
  })
  test('is not sent again where its body cannot be', async () => {
    list('work', 'home')
    const { used, response } = await request({ 'key-work': limited }, rotation(), {}, { url: CHAT, body: undefined })
    expect([used, response.status]).toEqual([['key-work'], 429])
  })
  test('ends though the disk takes nothing', async () => {
    list('work', 'home')
    writeFileSync(join(dir, 'state'), '')
    const { used, response } = await request({ 'key-work': limited, 'key-home': limited })
    expect([used, response.status]).toEqual([['key-work', 'key-home'], 429])
  })
  test('is left alone where nobody has listed accounts', async () => {
    list()
    expect((await request({ configured: limited })).response.status).toBe(429)
  })
})

describe('the list', () => {
  test('is not read through a link, or when others may read it', () => {
    list('work')
    expect(accountsOf(file, 'acme')).toHaveLength(1)
    expect(accountsOf(file, 'constructor')).toEqual([])
    chmodSync(file, 0o644)
    expect(accountsOf(file, 'acme')).toEqual([])
    chmodSync(file, 0o600)
    symlinkSync(file, join(dir, 'link.json'))
    expect(accountsOf(join(dir, 'link.json'), 'acme')).toEqual([])
  })
  test('has its hook and its fetch only where it is', async () => {
    const real = globalThis.fetch
    const client = { tui: { showToast: async () => undefined } } as unknown as PluginInput['client']
    expect(accountHooks(join(dir, 'agent-links'), client)).toEqual({})
    expect(globalThis.fetch).toBe(real)
    list('work')
    try {
      const seen: Headers[] = []
      globalThis.fetch = async (_, init) => {
        seen.push(new Headers(init?.headers))
        return new Response('answered')
      }
      const hook = accountHooks(join(dir, 'agent-links'), client)['chat.headers']
      const ask = async (id: string, options: Record<string, unknown> = {}) => {
        const headers: Record<string, string> = { authorization: 'Bearer configured' }
        await hook?.({ sessionID: 'ses_1', agent: 'build', provider: { id, options } }, { headers })
        await fetch('http://127.0.0.1/', { method: 'POST', headers, body: '{}' })
        return Object.fromEntries(seen.at(-1) ?? [])
      }
      expect(await ask('acme')).toEqual({ authorization: 'Bearer key-work' })
      expect(await ask('unlisted')).toEqual({ authorization: 'Bearer configured' })
      // A plugin of the user's sends them itself.
      expect(await ask('acme', { fetch: () => undefined })).toEqual({ authorization: 'Bearer configured' })
    } finally {
      globalThis.fetch = real
    }
  })
})
