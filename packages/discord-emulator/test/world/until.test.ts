import { expect, test } from 'vitest'
import { startEmulator } from '../../src/index.ts'
import { buildTown } from '../support/town.ts'

test('until resolves with what is there already', async () => {
  const { world } = await buildTown()
  expect(await world.until('five', () => 5)).toBe(5)
})

test('until looks again after every change', async () => {
  const { world, alice, channel } = await buildTown()
  const third = world.until('a third message', () => world.messages(channel.id)[2])
  for (const text of ['a', 'b', 'c', 'd']) alice.send(channel.id, text)
  expect((await third).content).toBe('c')
})

test('until sees requests and the gateway change, too', async () => {
  const { emulator, world, call } = await buildTown()
  const request = world.until('a request', () => emulator.journal.entries.find(({ kind }) => kind === 'request'))
  await call('GET', '/users/@me')
  expect(await request).toMatchObject({ route: '/users/@me', status: 200 })
})

test('until names what it waited for in vain', async () => {
  const { world } = await buildTown()
  await expect(world.until('a miracle', () => undefined, 20)).rejects.toThrow('Waited 20 ms in vain for a miracle')
})

test('until passes on what the look throws', async () => {
  const { world, alice, channel } = await buildTown()
  const look = () => {
    if (world.messages(channel.id).length > 0) throw new Error('wrong message')
  }
  const waiting = world.until('a message', look)
  alice.send(channel.id, 'x')
  await expect(waiting).rejects.toThrow('wrong message')
})

test('until ends when the emulator stops', async () => {
  const emulator = await startEmulator()
  const waiting = emulator.world.until('the end', () => undefined)
  await Promise.all([emulator.stop(), expect(waiting).rejects.toThrow('stopped while waiting for the end')])
})

test('listeners run after the action, once, until they are unsubscribed', async () => {
  const { world, alice, channel } = await buildTown()
  const seen: number[] = []
  const stop = world.onChange(() => void seen.push(world.messages(channel.id).length))
  alice.send(channel.id, 'a')
  alice.send(channel.id, 'b')
  expect(seen).toEqual([])
  await Promise.resolve()
  expect(seen).toEqual([2])
  stop()
  alice.send(channel.id, 'c')
  await Promise.resolve()
  expect(seen).toEqual([2])
})
