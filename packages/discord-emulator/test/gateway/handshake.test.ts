import { GatewayIntentBits as I } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { dial, identified, realClient, TEXT_INTENTS } from '../support/gateway.ts'
import { buildTown } from '../support/town.ts'

test('a client is greeted, identifies, and hears of its guilds with all that is in them', async () => {
  const { emulator, bot, guild, channel, alice } = await buildTown({ heartbeatInterval: 12_345 })
  const thread = alice.startThread(channel.id, 'Task')
  const gone = alice.startThread(channel.id, 'Old')
  guild.archiveThread(gone.id)
  const { client, ready } = await identified(emulator, bot)
  expect(client.received[0]).toMatchObject({ op: 10, d: { heartbeat_interval: 12_345 } })
  expect(ready).toMatchObject({
    s: 1,
    d: { v: 10, user: { id: bot.id }, guilds: [{ id: guild.id, unavailable: true }], application: { id: bot.applicationId } },
  })
  const created = await client.event('GUILD_CREATE')
  expect(created).toMatchObject({
    s: 2,
    d: { id: guild.id, owner_id: alice.id, channels: [{ id: channel.id }], threads: [{ id: thread.id }] },
  })
  expect(created.d.threads).toHaveLength(1)
  expect((created.d.members as unknown as { user: { id: string } }[]).map(({ user }) => user.id)).toEqual([bot.id, alice.id])
  expect((created.d.roles as unknown as unknown[]).length).toBe(2)
})

test('the real client connects, and a message sent on READY is heard', async () => {
  const { emulator, bot, alice, channel } = await buildTown()
  const { manager, dispatches } = realClient(emulator, bot)
  const entry = emulator.journal.onEntry((it) => {
    if (it.kind === 'dispatch' && it.event === 'READY') alice.send(channel.id, 'at once')
  })
  await manager.connect()
  entry()
  await expect.poll(() => dispatches.map(({ event }) => event)).toContain('MESSAGE_CREATE')
  expect(emulator.gateway.connections(bot.id)).toBe(1)
})

test.each([
  ['a wrong token', { token: 'wrong', intents: 1 }, 4004],
  ['an intent that is off in the portal', { intents: I.MessageContent }, 4014],
  ['GUILD_MEMBERS without the privilege', { intents: I.GuildMembers }, 4014],
  ['bits that are no intent', { intents: 1 << 30 }, 4013],
  ['a shard beyond the number of shards', { intents: 1, shard: [2, 2] }, 4010],
  ['no intents', {}, 4002],
])('%s is refused', async (_what, wish, code) => {
  const { emulator, bot } = await buildTown({}, { messageContentIntent: false })
  const client = await dial(emulator)
  client.send(2, { token: bot.token, properties: {}, ...wish })
  expect(await client.closed).toBe(code)
  expect(emulator.gateway.connections(bot.id)).toBe(0)
})

test.each([
  ['a payload before identifying', 3, 4003],
  ['an opcode that is none', 99, 4003],
])('%s closes', async (_what, op, code) => {
  const { emulator } = await buildTown()
  const client = await dial(emulator)
  client.send(op, {})
  expect(await client.closed).toBe(code)
})

test('identifying twice, an unknown opcode, garbage and long payloads close', async () => {
  const { emulator, bot } = await buildTown({ rateLimits: false })
  const outcome = async (act: (client: Awaited<ReturnType<typeof identified>>['client']) => void) => {
    const { client } = await identified(emulator, bot)
    act(client)
    return client.closed
  }
  expect(await outcome((client) => client.send(2, { token: bot.token, intents: 1 }))).toBe(4005)
  expect(await outcome((client) => client.send(99, {}))).toBe(4001)
  expect(await outcome((client) => client.sendText('{'))).toBe(4002)
  expect(await outcome((client) => client.sendText(Buffer.from([131])))).toBe(4002)
  expect(await outcome((client) => client.send(3, { since: 'x'.repeat(5000) }))).toBe(4002)
})

test('another version of the gateway is refused', async () => {
  const { emulator } = await buildTown()
  expect(await (await dial(emulator, { query: '?v=6&encoding=json' })).closed).toBe(4012)
})

test('session starts are counted: too soon is an invalid session, too many a closed door', async () => {
  let clock = Date.now()
  const rateLimits = { sessionStarts: { limit: 2, windowMs: 86_400_000 } }
  const { emulator, bot, call } = await buildTown({ rateLimits, now: () => clock })
  const limit = async () => (await call('GET', '/gateway/bot')).body.session_start_limit
  expect(await limit()).toMatchObject({ total: 2, remaining: 2, reset_after: 0, max_concurrency: 1 })
  await identified(emulator, bot)
  const soon = await dial(emulator)
  soon.send(2, { token: bot.token, intents: 1 })
  expect(await soon.next(({ op }) => op === 9)).toMatchObject({ d: false })
  clock += 5001
  await identified(emulator, bot)
  expect(await limit()).toMatchObject({ remaining: 0, reset_after: 86_400_000 - 5001 })
  clock += 5001
  const late = await dial(emulator)
  late.send(2, { token: bot.token, intents: 1 })
  expect(await late.closed).toBe(4004)
})

test('121 payloads in a minute are too many', async () => {
  const { emulator, bot } = await buildTown()
  const { client } = await identified(emulator, bot)
  for (let count = 0; count < 121; count += 1) client.send(3, {})
  expect(await client.closed).toBe(4008)
})

test('each shard hears of its own guilds', async () => {
  const { emulator, bot, guild } = await buildTown({ rateLimits: false })
  const home = Number((BigInt(guild.id) >> 22n) % 2n)
  for (const shard of [0, 1]) {
    const client = await dial(emulator)
    client.send(2, { token: bot.token, intents: TEXT_INTENTS, shard: [shard, 2] })
    expect((await client.event('READY')).d.guilds).toHaveLength(shard === home ? 1 : 0)
  }
})
