import { WebSocketShardEvents } from '@discordjs/ws'
import { expect, test } from 'vitest'
import { dial, identified, realClient, type RealClient } from '../support/gateway.ts'
import { buildTown, text, type Town } from '../support/town.ts'

const texts = ({ dispatches }: RealClient) =>
  dispatches.flatMap(({ event, data }) => (event === 'MESSAGE_CREATE' ? [(data as { content: string }).content] : []))

const steps = ({ emulator }: Town) =>
  emulator.journal.entries.flatMap((entry) => (entry.kind === 'gateway' && entry.what !== 'heartbeat' ? [entry.what] : []))

/** A raw RESUME on a new connection. */
async function resume(town: Town, wish: { session_id: string; seq: number; token?: string }) {
  const client = await dial(town.emulator, { query: '/resume?v=10&encoding=json' })
  client.send(6, { token: town.bot.token, ...wish })
  return client
}

test('after a cut the real client resumes and gets what it missed, once and in order', async () => {
  const town = await buildTown()
  const { emulator, bot, alice, channel } = town
  const real = realClient(emulator, bot)
  await real.manager.connect()
  alice.send(channel.id, 'before')
  await expect.poll(() => texts(real)).toEqual(['before'])
  emulator.gateway.cut(bot.id)
  expect(emulator.gateway.connections(bot.id)).toBe(0)
  alice.send(channel.id, 'missed 1')
  alice.send(channel.id, 'missed 2')
  await expect.poll(() => texts(real)).toEqual(['before', 'missed 1', 'missed 2'])
  await expect.poll(() => steps(town)).toEqual(['connect', 'identify', 'lost', 'connect', 'resume', 'resumed'])
  const replayed = emulator.journal.entries.flatMap((entry) => (entry.kind === 'dispatch' && entry.replayed ? [entry.event] : []))
  expect(replayed).toEqual(['MESSAGE_CREATE', 'MESSAGE_CREATE'])
})

test('a new process with the kept session resumes where the old one stood', async () => {
  const town = await buildTown()
  const { emulator, bot, alice, channel } = town
  const old = realClient(emulator, bot)
  await old.manager.connect()
  alice.send(channel.id, 'one')
  await expect.poll(() => texts(old)).toEqual(['one'])
  const kept = old.session.current
  // As a killed process would: the session info of that moment is all that is left.
  await old.manager.destroy({ code: 4000 })
  await emulator.world.until('the old connection is gone', () => emulator.gateway.connections(bot.id) === 0 || undefined)
  alice.send(channel.id, 'two')
  const young = realClient(emulator, bot, { session: { current: kept } })
  await young.manager.connect()
  await expect.poll(() => texts(young)).toEqual(['two'])
  expect(steps(town)).toEqual(['connect', 'identify', 'close', 'connect', 'resume', 'resumed'])
})

test('a replay begins after the sequence the client names', async () => {
  const town = await buildTown()
  const { emulator, bot, alice, channel } = town
  const { client, ready } = await identified(emulator, bot)
  for (const text of ['a', 'b', 'c']) alice.send(channel.id, text)
  const b = await client.next(({ d }) => d !== null && text(d.content) === 'b')
  client.close(4000)
  await client.closed
  const again = await resume(town, { session_id: text(ready.d.session_id), seq: b.s ?? 0 })
  const resumed = await again.event('RESUMED')
  const replay = again.received.filter(({ op }) => op === 0)
  expect(replay.map(({ t }) => t)).toEqual(['MESSAGE_CREATE', 'RESUMED'])
  expect(replay[0]).toMatchObject({ d: { content: 'c' }, s: (b.s ?? 0) + 1 })
  alice.send(channel.id, 'd')
  const d = await again.next(({ d }) => d !== null && text(d.content) === 'd')
  expect(d.s).toBe((resumed.s ?? 0) + 1)
})

test('a resume takes the session from a connection that still seems to live', async () => {
  const town = await buildTown()
  const { client, ready } = await identified(town.emulator, town.bot)
  const taken = await resume(town, { session_id: text(ready.d.session_id), seq: 2 })
  await taken.event('RESUMED')
  await client.closed
  expect(town.emulator.gateway.connections(town.bot.id)).toBe(1)
  town.alice.send(town.channel.id, 'hello')
  expect((await taken.event('MESSAGE_CREATE')).d).toMatchObject({ content: 'hello' })
})

test.each([
  ['an unknown session', () => ({ session_id: 'nobody', seq: 0 })],
  ['another bot’s session', (id: string, { world }: Town) => ({ session_id: id, seq: 0, token: world.bot({ name: 'x' }).token })],
])('%s is invalid', async (_what, wish) => {
  const town = await buildTown()
  const { client, ready } = await identified(town.emulator, town.bot)
  client.close(4000)
  await client.closed
  const again = await resume(town, wish(text(ready.d.session_id), town))
  expect(await again.next(({ op }) => op === 9)).toMatchObject({ d: false })
})

test('a sequence that was never sent closes with 4007', async () => {
  const town = await buildTown()
  const { ready } = await identified(town.emulator, town.bot)
  const again = await resume(town, { session_id: text(ready.d.session_id), seq: 99 })
  expect(await again.closed).toBe(4007)
})

test.each([
  [1000, 9],
  [1001, 9],
  [4000, 0],
])('after the client closed with %i the answer to RESUME has op %i', async (code, op) => {
  const town = await buildTown()
  const { client, ready } = await identified(town.emulator, town.bot)
  client.close(code)
  await client.closed
  const again = await resume(town, { session_id: text(ready.d.session_id), seq: 2 })
  expect((await again.next((payload) => payload.op !== 10)).op).toBe(op)
})

test('a session can be resumed for a while only', async () => {
  let clock = Date.now()
  const town = await buildTown({ now: () => clock, resumeWindow: 90_000 })
  const { emulator, bot } = town
  const { client, ready } = await identified(emulator, bot)
  emulator.gateway.cut(bot.id)
  await client.closed
  const wish = { session_id: text(ready.d.session_id), seq: 2 }
  clock += 89_000
  const inTime = await resume(town, wish)
  await inTime.event('RESUMED')
  emulator.gateway.cut(bot.id)
  clock += 91_000
  const late = await resume(town, wish)
  expect(await late.next(({ op }) => op === 9)).toMatchObject({ d: false })
})

test('what the replay buffer has dropped cannot be resumed', async () => {
  const town = await buildTown({ replayBuffer: 10 })
  const { ready } = await identified(town.emulator, town.bot)
  for (let count = 0; count < 40; count += 1) town.alice.send(town.channel.id, `m${count}`)
  const again = await resume(town, { session_id: text(ready.d.session_id), seq: 2 })
  expect(await again.next(({ op }) => op === 9)).toMatchObject({ d: false })
})

test.each([
  [false, 0],
  [true, 9],
])('acknowledged dispatches are replayed unless they are trimmed (%s)', async (trimAcknowledged, op) => {
  const town = await buildTown({ trimAcknowledged })
  const { client, ready } = await identified(town.emulator, town.bot)
  town.alice.send(town.channel.id, 'x')
  const { s } = await client.event('MESSAGE_CREATE')
  client.send(1, s)
  await client.next((payload) => payload.op === 11)
  const again = await resume(town, { session_id: text(ready.d.session_id), seq: 2 })
  expect((await again.next((payload) => payload.op !== 10)).op).toBe(op)
})

test('the real client identifies anew when its session has expired', async () => {
  const town = await buildTown({ rateLimits: false })
  const { emulator, bot } = town
  const real = realClient(emulator, bot)
  await real.manager.connect()
  emulator.gateway.expire(bot.id)
  emulator.gateway.cut(bot.id)
  let ready = 0
  real.manager.on(WebSocketShardEvents.Ready, () => (ready += 1))
  await expect.poll(() => ready).toBe(1)
  expect(steps(town).slice(2)).toEqual(['lost', 'connect', 'resume', 'invalid-session', 'close', 'connect', 'identify'])
})
