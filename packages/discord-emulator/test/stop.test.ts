import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startEmulator } from '../src/index.ts'
import { dial, identified } from './support/gateway.ts'
import { buildTown, caller } from './support/town.ts'

/** What keeps the process awake, by kind. */
const active = () =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => ['TCPSocketWrap', 'TCPServerWrap', 'Timeout'].includes(kind))
    .sort()

test('after stop nothing is left: no server, no socket, no timer', async () => {
  const before = active()
  const emulator = await startEmulator({ heartbeatInterval: 60_000 })
  const owner = emulator.world.user('Ada')
  const guild = emulator.world.guild({ name: 'Town', owner })
  const bot = emulator.world.bot({ name: 'helper' })
  guild.addBot(bot)
  const frozen = await identified(emulator, bot)
  emulator.gateway.freeze(bot.id)
  const open = await dial(emulator)
  emulator.faults.add({ route: 'GET /users/@me', effect: { kind: 'hang', commit: false } })
  emulator.faults.add({ route: 'GET /gateway/bot', effect: { kind: 'latency', ms: 60_000 } })
  const hanging = ['/users/@me', '/gateway/bot'].map((path) => caller(emulator, bot)('GET', path).catch(() => 'cut'))
  await emulator.world.until('the hanging request', () => emulator.journal.entries.find(({ kind }) => kind === 'request'))
  const waiting = emulator.world.until('never', () => undefined).catch(() => 'ended')

  await emulator.stop()
  await emulator.stop()
  expect(await Promise.all([...hanging, waiting])).toEqual(['cut', 'cut', 'ended'])
  await Promise.all([frozen.client.closed, open.closed])
  await expect.poll(active).toEqual(before)
  const refused = await new Promise<string | undefined>((resolve) => {
    connect(Number(new URL(emulator.origin).port), '127.0.0.1')
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      .on('connect', () => resolve('connected'))
  })
  expect(refused).toBe('ECONNREFUSED')
})

test('a port can be chosen, and one that is taken is an error', async () => {
  const { emulator } = await buildTown()
  const port = Number(new URL(emulator.origin).port)
  await expect(startEmulator({ port })).rejects.toThrow('EADDRINUSE')
})
