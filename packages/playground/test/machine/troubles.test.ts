import { startEmulator } from 'discord-emulator'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { createTroubles } from '../../src/machine/troubles.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

async function house(renew: () => number | undefined = () => 7) {
  const emulator = await startEmulator()
  const bot = emulator.world.bot({ name: 'Kimaki' })
  const troubles = createTroubles({ emulator, bot: { renew }, botId: bot.id, dir: '/nowhere/of/any/process' })
  onTestFinished(async () => {
    troubles.stop()
    vi.useRealTimers()
    await emulator.stop()
  })
  const status = async () =>
    (await fetch(`${emulator.apiUrl}/v10/users/@me`, { headers: { authorization: `Bot ${bot.token}` } })).status
  return { emulator, troubles, status }
}

it('lasts as long as it says, is told while it does, and then is over', async () => {
  const { troubles, status } = await house()
  const told: unknown[] = []
  troubles.onChange(() => told.push(troubles.lasting().map(({ name }) => name)))
  expect(troubles.lastedUntil()).toBe(0)
  expect(troubles.cause('outage')).toBe('Discord outage: for 12 seconds')
  expect(troubles.lastedUntil()).toBe(Infinity)
  const during = await Promise.all(Array.from({ length: 12 }, status))
  expect(during.some((one) => one >= 500)).toBe(true)
  vi.advanceTimersByTime(12_000)
  expect(troubles.lastedUntil()).toBe(Date.now())
  expect(await Promise.all(Array.from({ length: 12 }, status))).toEqual(Array.from({ length: 12 }, () => 200))
  expect(told).toEqual([['outage'], []])
})

it('has one weather at a time: the next one takes the place of the last', async () => {
  const { troubles } = await house()
  for (const name of ['outage', 'slow', '429', 'gateway']) troubles.cause(name)
  expect(troubles.lasting().map(({ name }) => name)).toEqual(['429', 'gateway'])
  vi.advanceTimersByTime(10_000)
  expect(troubles.lasting().map(({ name }) => name)).toEqual(['429'])
})

it('puts the clock of Discord an hour ahead for each press, for good', async () => {
  const { emulator, troubles } = await house()
  const before = emulator.clock.now()
  for (const _press of [1, 2]) troubles.cause('clock')
  expect(emulator.clock.now() - before).toBeGreaterThanOrEqual(7_200_000)
  expect(troubles.lasting()).toEqual([{ name: 'clock', title: "Discord's clock: +2 h", until: undefined }])
})

it.each([
  ['an OpenCode server where none runs', 'agent', /is started with the next task/],
  ['a bot that is being started', 'renew', /is being started already/],
  ['what is not offered', 'earthquake', /Nothing is called/],
])('says why it cannot break %s', async (_what, name, words) => {
  const { troubles } = await house(() => undefined)
  expect(() => troubles.cause(name)).toThrow(words)
  expect(troubles.lasting()).toEqual([])
})
