/** The parts of the gateway client that a well-behaved Discord never touches. */
import { GatewayDispatchEvents } from 'discord-api-types/v10'
import { afterEach, describe, expect, test } from 'vitest'
import { GatewayClient } from '../../src/discord/gateway/client.ts'
import { IdentifyBudget, identifyDelay } from '../../src/discord/gateway/identify-budget.ts'
import type { RetryForever } from '../../src/discord/gateway/retry-forever.ts'
import { inMemory, openWorld, type World } from './world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.stop()
  world = undefined
})

describe('a RESUME that is never answered', () => {
  test('is tried again, then given up for a new session (S2)', async () => {
    world = await openWorld()
    const { emulator, bot } = world
    const first = world.chat()
    await first.start()
    await first.port.stop()
    emulator.journal.onEntry((entry) => {
      if (entry.kind === 'gateway' && entry.what === 'resume') emulator.gateway.freeze(bot.id)
    })
    const gateway = { url: emulator.origin.replace('http', 'ws') }
    const retryForever: RetryForever = async <T>() => gateway as T
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    const ready = Promise.withResolvers<void>()
    const client = new GatewayClient({
      token: bot.token,
      log,
      budget: new IdentifyBudget({ records: inMemory(), log }),
      retryForever,
      position: first.position(),
      resumeTimeoutMs: 100,
      onDispatch: ({ t }) => t === GatewayDispatchEvents.Ready && ready.resolve(),
      onFatal: () => undefined,
    })
    client.start()
    await ready.promise
    expect(world.gatewaySteps().filter((step) => step === 'resume')).toHaveLength(2)
    await client.stop()
  })
})

describe('new sessions', () => {
  const minute = 60_000
  const hour = 60 * minute

  test('are at least five seconds apart, and five a minute at most', () => {
    expect(identifyDelay([], 0)).toEqual({ ms: 0, exhausted: false })
    expect(identifyDelay([1000], 2000)).toEqual({ ms: 4000, exhausted: false })
    expect(identifyDelay([0, 5000, 10_000, 15_000], 20_000)).toEqual({ ms: 0, exhausted: false })
    expect(identifyDelay([0, 5000, 10_000, 15_000, 20_000], 25_000)).toEqual({ ms: 35_000, exhausted: false })
  })

  test('stop before two hundred a day, until the first of them is a day old', () => {
    const times = Array.from({ length: 199 }, (_, n) => n * minute)
    expect(identifyDelay(times, 4 * hour)).toEqual({ ms: 20 * hour, exhausted: true })
    expect(identifyDelay(times.slice(1), 4 * hour).exhausted).toBe(false)
    expect(identifyDelay(times, 25 * hour).exhausted).toBe(false)
  })

  test('cost fewer than 200 in a day of a gateway that refuses every one', () => {
    const times: number[] = []
    for (let now = 0; now < 24 * hour;) {
      const { ms, exhausted } = identifyDelay(times, now)
      if (ms === 0) times.push(now)
      now += exhausted ? ms : Math.max(ms, 500)
    }
    expect(times).toHaveLength(199)
  })
})
