import { WebSocketShardEvents } from '@discordjs/ws'
import { expect, test } from 'vitest'
import { dial, identified, realClient } from '../support/gateway.ts'
import { buildTown, text, type Town } from '../support/town.ts'

/** What the real client does after a trouble: the gateway entries that follow it, until it is back. */
async function reaction(town: Town, trouble: (botId: string) => void) {
  const { emulator, bot } = town
  const { manager } = realClient(emulator, bot)
  await manager.connect()
  const before = emulator.journal.entries.length
  const back = new Promise<void>((resolve) => {
    manager.on(WebSocketShardEvents.Ready, () => resolve())
    manager.on(WebSocketShardEvents.Resumed, () => resolve())
  })
  trouble(bot.id)
  await back
  return emulator.journal.entries
    .slice(before)
    .flatMap((entry) => (entry.kind === 'gateway' && entry.what !== 'heartbeat' ? [entry] : []))
    .map(({ what, code }) => (code === undefined ? what : `${what} ${code}`))
}

const RESUMES = ['connect', 'resume', 'resumed']
const STARTS_ANEW = ['connect', 'identify']

test('op 7: the client closes and resumes', async () => {
  const town = await buildTown({ rateLimits: false })
  expect(await reaction(town, (id) => town.emulator.gateway.reconnect(id))).toEqual(['close 4200', ...RESUMES])
})

test('op 9, resumable: the client resumes on the same connection', async () => {
  const town = await buildTown({ rateLimits: false })
  const steps = await reaction(town, (id) => town.emulator.gateway.invalidate(id, true))
  expect(steps).toEqual(['invalid-session', 'resume', 'resumed'])
})

test('op 9, not resumable: the client starts anew', async () => {
  const town = await buildTown({ rateLimits: false })
  const steps = await reaction(town, (id) => town.emulator.gateway.invalidate(id))
  expect(steps).toEqual(['invalid-session', 'close 1000', ...STARTS_ANEW])
})

test.each([
  [4000, RESUMES],
  [4009, ['connect', 'resume', 'invalid-session', 'close 1000', ...STARTS_ANEW]],
  [4007, STARTS_ANEW],
])('close %i', async (code, after) => {
  const town = await buildTown({ rateLimits: false })
  const steps = await reaction(town, (id) => town.emulator.gateway.close(id, code))
  expect(steps).toEqual([`close ${code}`, ...after])
})

test('a frozen link says nothing and hears nothing; another connection takes its session', async () => {
  const { emulator, bot, alice, channel } = await buildTown()
  const { client, ready } = await identified(emulator, bot)
  await client.event('GUILD_CREATE')
  emulator.gateway.freeze(bot.id)
  const before = emulator.journal.entries.length
  const received = client.received.length
  alice.send(channel.id, 'into the void')
  client.send(1, 2)
  expect(emulator.journal.entries.slice(before).map(({ kind }) => kind)).toEqual(['message'])
  expect(emulator.gateway.connections(bot.id)).toBe(1)

  const second = await dial(emulator)
  second.send(6, { token: bot.token, session_id: ready.d.session_id, seq: 2 })
  expect((await second.event('MESSAGE_CREATE')).d).toMatchObject({ content: 'into the void' })
  await second.event('RESUMED')
  expect(client.received).toHaveLength(received)
  expect(emulator.journal.entries.some((entry) => entry.kind === 'gateway' && entry.what === 'heartbeat')).toBe(false)
  expect(emulator.gateway.connections(bot.id)).toBe(1)
})

test('a frozen link that nobody replaces is lost with its heartbeats', async () => {
  // Long enough for a handshake on a machine with much to do: two missed heartbeats would end it.
  const { emulator, bot } = await buildTown({ heartbeatInterval: 250 })
  const { client } = await identified(emulator, bot)
  let closed = false
  void client.closed.then(() => (closed = true))
  emulator.gateway.freeze(bot.id)
  await emulator.world.until('the loss', () => emulator.gateway.connections(bot.id) === 0 || undefined)
  expect(emulator.journal.entries.at(-1)).toMatchObject({ kind: 'gateway', what: 'lost' })
  // The client is not told: a whole handshake later its own socket is still open.
  await dial(emulator)
  expect(closed).toBe(false)
})

test('the real client leaves a connection that does not acknowledge its heartbeats', async () => {
  const town = await buildTown({ rateLimits: false, heartbeatInterval: 100 })
  const steps = await reaction(town, (id) => {
    town.emulator.gateway.muteHeartbeats(id, true)
    const release = town.emulator.journal.onEntry((entry) => {
      if (entry.kind !== 'gateway' || entry.what !== 'resume') return
      town.emulator.gateway.muteHeartbeats(id, false)
      release()
    })
  })
  expect(steps.slice(-3)).toEqual(RESUMES)
})

test('a client that misses two heartbeats is cut off', async () => {
  const { emulator, bot } = await buildTown({ heartbeatInterval: 60 })
  const started = performance.now()
  const { client, ready } = await identified(emulator, bot)
  expect(await client.closed).toBe(1006)
  expect(performance.now() - started).toBeGreaterThanOrEqual(2 * 60)
  expect(emulator.journal.entries.at(-1)).toMatchObject({ what: 'lost', botId: bot.id, sessionId: text(ready.d.session_id) })
})

test('heartbeats are acknowledged, asked for and journalled', async () => {
  const { emulator, bot } = await buildTown()
  const { client } = await identified(emulator, bot)
  client.send(1, 2)
  await client.next(({ op }) => op === 11)
  expect(emulator.journal.entries.at(-1)).toMatchObject({ kind: 'gateway', what: 'heartbeat', botId: bot.id })
  emulator.gateway.requestHeartbeat(bot.id)
  await client.next(({ op }) => op === 1)
})

test('while it refuses, the gateway resets new connections and keeps the old', async () => {
  const { emulator, bot } = await buildTown({ rateLimits: false })
  await identified(emulator, bot)
  emulator.gateway.refuse(true)
  expect(await (await dial(emulator)).closed).toBe(1006)
  expect(emulator.gateway.connections(bot.id)).toBe(1)
  emulator.gateway.refuse(false)
  await identified(emulator, bot)
  expect(emulator.gateway.connections(bot.id)).toBe(2)
})

test('trouble of one bot leaves the others alone', async () => {
  const { emulator, bot, world, guild } = await buildTown()
  const other = world.bot({ name: 'other' })
  guild.addBot(other)
  await identified(emulator, bot)
  await identified(emulator, other)
  emulator.gateway.cut(bot.id)
  expect([bot, other].map(({ id }) => emulator.gateway.connections(id))).toEqual([0, 1])
})
