import { expect, test } from 'vitest'
import { RATE_LIMITS } from '../../../src/rules/rate-limits.ts'
import { apiOf, buildTown } from '../../support/town.ts'

const CREATE = 'POST /channels/:channel/messages'
const creates = (limit: number, windowMs: number) => ({
  rateLimits: { routes: { [CREATE]: { bucket: 'message-create', limit, windowMs } } },
})

test('every answer of a bucket tells its state, and the one too many is refused', async () => {
  const { call, channel, guild } = await buildTown(creates(2, 60_000))
  const post = (channelId: string) => call('POST', `/channels/${channelId}/messages`, { content: 'x' })
  const first = await post(channel.id)
  expect(Object.fromEntries(first.headers)).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1' })
  expect(Number(first.headers.get('x-ratelimit-reset-after'))).toBeCloseTo(60, 0)
  expect(Number(first.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now() + 55_000)
  expect((await post(channel.id)).headers.get('x-ratelimit-remaining')).toBe('0')

  const refused = await post(channel.id)
  expect(refused).toMatchObject({ status: 429, body: { message: 'You are being rate limited.', global: false } })
  expect(Number(refused.body.retry_after)).toBeGreaterThan(55)
  expect(refused.headers.get('x-ratelimit-scope')).toBe('user')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(Number(refused.body.retry_after))

  const elsewhere = await post(guild.textChannel('other').id)
  expect(elsewhere.status).toBe(200)
  expect(elsewhere.headers.get('x-ratelimit-bucket')).toBe(first.headers.get('x-ratelimit-bucket'))
})

test('the window opens again', async () => {
  let clock = Date.now()
  const { call, channel } = await buildTown({ ...creates(1, 5000), now: () => clock })
  const post = async () => (await call('POST', `/channels/${channel.id}/messages`, { content: 'x' })).status
  expect([await post(), await post()]).toEqual([200, 429])
  clock += 5001
  expect(await post()).toBe(200)
})

test('the real client waits a 429 out and comes again', async () => {
  const { emulator, bot, channel, world } = await buildTown(creates(1, 300))
  // Two clients share the bot's bucket and know nothing of each other: the second meets a 429.
  const [one, two] = [apiOf(emulator, bot), apiOf(emulator, bot)]
  await one.channels.createMessage(channel.id, { content: 'one' })
  await two.channels.createMessage(channel.id, { content: 'two' })
  expect(world.messages(channel.id).map(({ content }) => content)).toEqual(['one', 'two'])
  const statuses = emulator.journal.entries.flatMap((entry) => (entry.kind === 'request' ? [entry.status] : []))
  expect(statuses).toEqual([200, 429, 200])
})

test('all requests of a bot share the global quota', async () => {
  const { call, channel } = await buildTown({ rateLimits: { global: { limit: 3, windowMs: 60_000 } } })
  const statuses = [
    await call('GET', '/users/@me'),
    await call('GET', '/users/@me'),
    await call('GET', `/channels/${channel.id}`),
  ]
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200])
  const refused = await call('GET', '/applications/@me')
  expect(refused).toMatchObject({ status: 429, body: { global: true } })
  expect(refused.headers.get('x-ratelimit-global')).toBe('true')
  expect(refused.headers.get('x-ratelimit-scope')).toBe('global')
})

test('a channel is renamed twice in ten minutes; other changes go on', async () => {
  const { call, channel } = await buildTown()
  const patch = (body: object) => call('PATCH', `/channels/${channel.id}`, body)
  expect((await patch({ name: 'a' })).status).toBe(200)
  expect((await patch({ topic: 'b' })).status).toBe(200)
  const refused = await patch({ name: 'c' })
  expect(refused).toMatchObject({ status: 429, body: { global: false } })
  expect(Number(refused.body.retry_after)).toBeGreaterThan(500)
  expect(Number(refused.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
  expect((await patch({ nsfw: true })).status).toBe(200)
})

test('too many invalid requests close the door', async () => {
  const { call, guild } = await buildTown({ rateLimits: { invalid: { limit: 2, windowMs: 60_000 } } })
  const path = `/guilds/${guild.id}/members`
  expect((await call('GET', path)).status).toBe(403)
  expect((await call('GET', path)).status).toBe(403)
  expect((await call('GET', '/users/@me')).status).toBe(429)
})

test('switched off, nothing is refused and every bucket looks full', async () => {
  const { call, channel } = await buildTown({ rateLimits: false })
  for (let count = 0; count < 2 * RATE_LIMITS.global.limit; count += 1) {
    const { status, headers } = await call('POST', `/channels/${channel.id}/messages`, { content: 'x' })
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '4'])
  }
})
