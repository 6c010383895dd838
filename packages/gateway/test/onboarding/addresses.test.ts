/** Addresses, settings and limits: tables. */
import { expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { Metrics } from '../../src/base/metrics.ts'
import { readConfig } from '../../src/config.ts'
import { isCallback, withGuild } from '../../src/onboarding/callback-address.ts'
import { Limits } from '../../src/rest/limits.ts'
import { MemberRequests } from '../../src/socket/member-requests.ts'

test.each([
  ['https://platform.example/done', true],
  ['http://localhost:3000/x', true],
  ['http://127.0.0.1/x', true],
  ['http://[::1]:80/x', true],
  ['http://platform.example/done', false],
  ['http://localhost.evil.example/', false],
  ['http://127.0.0.1.evil.example/', false],
  ['https://user:word@platform.example/', false],
  ['javascript:alert(1)', false],
  ['//platform.example', false],
  ['', false],
])('a person is sent on to %s: %s', (address, isOne) => {
  expect(isCallback(address)).toBe(isOne)
})

test.each([
  ['https://a.example/x', 'https://a.example/x?guild_id=1'],
  ['https://a.example/x?y=1', 'https://a.example/x?y=1&guild_id=1'],
  ['https://a.example/x#z', 'https://a.example/x?guild_id=1#z'],
])('%s gets the guild as %s', (address, expected) => {
  expect(withGuild(address, '1')).toBe(expected)
})

const ENV = {
  KIMAKI_GATEWAY_APPLICATION_ID: '1',
  KIMAKI_GATEWAY_CLIENT_SECRET: 's',
  KIMAKI_GATEWAY_BOT_TOKEN: 't',
  KIMAKI_GATEWAY_PUBLIC_URL: 'https://gateway.example/',
}

test('settings have defaults, and what is missing or wrong is named', () => {
  expect(readConfig(ENV)).toMatchObject({ publicUrl: 'https://gateway.example', port: 8080, keepHours: 24 })
  const told = (change: Readonly<Record<string, string>>) => {
    const config = readConfig({ ...ENV, ...change })
    return config instanceof UsageError ? config.message : ''
  }
  expect(told({ KIMAKI_GATEWAY_BOT_TOKEN: ' ' })).toContain('KIMAKI_GATEWAY_BOT_TOKEN')
  expect(told({ KIMAKI_GATEWAY_PUBLIC_URL: 'https://gateway.example/path' })).toContain('without a path')
  expect(told({ KIMAKI_GATEWAY_KEEP_HOURS: 'never' })).toContain('keepHours')
})

const answer = (status: number, headers: Readonly<Record<string, string>> = {}) => ({ status, headers: new Headers(headers) })

test('a client that asks too often waits, and another does not', () => {
  const limits = new Limits({ perSecond: 2, invalid: 2 }, () => 0)
  expect([limits.take('a', 'x'), limits.take('a', 'x'), limits.take('a', 'x'), limits.take('b', 'x')]).toEqual([0, 0, 1000, 0])
})

test('a client that is refused too often by Discord waits, and another does not; a shared limit does not count', () => {
  const clock = { now: 0 }
  const limits = new Limits({ perSecond: 100, invalid: 2 }, () => clock.now)
  for (let count = 0; count < 3; count += 1) limits.answered('a', 'x', answer(429, { 'x-ratelimit-scope': 'shared' }))
  expect(limits.take('a', 'y')).toBe(0)
  limits.answered('a', 'x', answer(403))
  limits.answered('a', 'x', answer(401))
  expect([limits.take('a', 'y'), limits.take('b', 'y')]).toEqual([600_000, 0])
  clock.now = 600_000
  expect(limits.take('a', 'y')).toBe(0)
})

test('a limit that Discord has told is not asked again before it is over: of a bucket, or of everything', () => {
  const clock = { now: 0 }
  const limits = new Limits({ perSecond: 100, invalid: 100 }, () => clock.now)
  limits.answered('a', 'x', answer(429, { 'retry-after': '2' }))
  expect([limits.take('b', 'x'), limits.take('b', 'y')]).toEqual([2000, 0])
  limits.answered('a', 'x', answer(429, { 'retry-after': '3', 'x-ratelimit-global': 'true' }))
  expect([limits.take('b', 'x'), limits.take('b', 'y')]).toEqual([3000, 3000])
})

test('members that one client asked for come back to it, under its own nonce', () => {
  const requests = new MemberRequests()
  const asked = [requests.ask('a', { guild_id: '1', nonce: 'mine' }), requests.ask('b', { guild_id: '1' })]
  expect(asked[0]?.nonce).not.toBe('mine')
  const chunk = { guild_id: '1', chunk_index: 0, chunk_count: 1 }
  expect(requests.answer({ ...chunk, nonce: asked[0]?.nonce })).toEqual({ clientId: 'a', data: { ...chunk, nonce: 'mine' } })
  expect(requests.answer({ ...chunk, nonce: asked[1]?.nonce })).toEqual({ clientId: 'b', data: chunk })
  expect([requests.answer({ ...chunk, nonce: asked[0]?.nonce }), requests.answer(chunk)]).toEqual([undefined, undefined])
})

test('metrics are told in the text format, also those that nothing happened to', () => {
  const metrics = new Metrics()
  metrics.add('gateway_requests_total', 'passed')
  expect(metrics.text()).toContain('gateway_requests_total{outcome="passed"} 1\n')
  expect(metrics.text()).toContain('\ngateway_gaps_total 0\n')
})
