/** The parts of the gateway client that a well-behaved Discord never touches. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { gatewayOf } from '../../src/discord/gateway/address.ts'
import { GatewayClient, type GatewayClientOptions } from '../../src/discord/gateway/client.ts'
import type { Connection, ConnectionOptions } from '../../src/discord/gateway/connection.ts'
import { IdentifyBudget, identifyDelay } from '../../src/discord/gateway/identify-budget.ts'
import type { RetryForever } from '../../src/discord/gateway/retry-forever.ts'
import { isSocketUrl } from '../../src/discord/wire/answer.ts'
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
      isGateway: isSocketUrl,
      position: first.position(),
      resumeTimeoutMs: 100,
      onDispatch: ({ t }) => t === 'READY' && ready.resolve(),
      onFatal: () => undefined,
    })
    client.start()
    await ready.promise
    expect(world.gatewaySteps().filter((step) => step === 'resume')).toHaveLength(2)
    await client.stop()
  })
})

const MADE_UP =
  'a man in the middle names an address of the gateway that is not Discord’s, and the bot does not say its token there'

describe('one connection after the other', () => {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const position = { sessionId: 's', resumeUrl: 'ws://resume', sequence: 1 }
  const retryForever: RetryForever = async <T>() => ({ url: 'ws://general' }) as T
  let client: GatewayClient
  let openings: { readonly at: number; readonly url: string; readonly resumes: boolean }[]
  let openNow: number
  let mostOpen: number
  /** How a connection goes: it ends after so long, and may be resumed or not. */
  let lives: { readonly forMs: number; readonly resumable: boolean }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    openings = []
    openNow = mostOpen = 0
    lives = { forMs: 1, resumable: true }
  })

  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  /** Its socket takes a tenth of a second to close. */
  function connect({ url, resume, onEnd }: ConnectionOptions): Connection {
    openings.push({ at: performance.now(), url, resumes: resume !== undefined })
    mostOpen = Math.max(mostOpen, (openNow += 1))
    const { forMs, resumable } = lives
    const ended = setTimeout(() => onEnd({ code: 1006, reason: 'the line broke', resumable }), forMs)
    let gone: Promise<void> | undefined
    const close = async (reason: string) => {
      clearTimeout(ended)
      onEnd({ code: undefined, reason, resumable })
      await new Promise((resolve) => setTimeout(resolve, 100))
      openNow -= 1
    }
    return { end: (reason) => (gone ??= close(reason)) }
  }

  function start(records = inMemory(), own: Partial<GatewayClientOptions> = {}): void {
    const budget = new IdentifyBudget({ records, log })
    const options = {
      token: 't',
      log,
      retryForever,
      budget,
      position,
      isGateway: isSocketUrl,
      connect,
      onDispatch: () => undefined,
    }
    client = new GatewayClient({ ...options, onFatal: () => undefined, ...own })
    client.start()
  }

  async function stop(): Promise<void> {
    const stopped = client.stop()
    await vi.advanceTimersByTimeAsync(200)
    await stopped
  }

  test.each([
    ['the address of a resume', 'wss://evil.example/', 'wss://gateway.discord.gg', 'wss://gateway.discord.gg'],
    ['that and the general one', 'ws://127.0.0.1:1', 'wss://evil.example', 'wss://gateway.discord.gg'],
    ['neither', 'wss://gateway-us-east1-b.discord.gg', 'wss://evil.example', 'wss://gateway-us-east1-b.discord.gg'],
  ])(`${MADE_UP}: %s is foreign`, async (_name, resumeUrl, general, expected) => {
    const warnings: string[] = []
    const warning = { ...log, warn: (line: string) => void warnings.push(line) }
    const foreign: RetryForever = async <T>() => ({ url: general }) as T
    const isGateway = gatewayOf('https://discord.com/api')
    start(inMemory(), { isGateway, log: warning, retryForever: foreign, position: { ...position, resumeUrl } })
    await vi.advanceTimersByTimeAsync(700)
    expect(openings.map(({ url }) => url)).toEqual([expected, expected])
    expect(warnings).toHaveLength(resumeUrl === expected ? 0 : 1)
    await stop()
  })

  const gaps = () => openings.slice(1).map(({ at }, n) => Math.round(at - (openings[n]?.at ?? 0)) - 101)

  test('never two at once (S1), with pauses that grow to half a minute (S3), and the general address after two failures', async () => {
    start()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(gaps()).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    expect(openings.slice(0, 4).map(({ url }) => url)).toEqual(['ws://resume', 'ws://resume', 'ws://general', 'ws://general'])
    expect(openings.every(({ resumes }) => resumes)).toBe(true)
    await stop()
    expect([mostOpen, openNow]).toEqual([1, 0])
  })

  test('the pauses start over after one that lived for a minute (S3)', async () => {
    start()
    await vi.advanceTimersByTimeAsync(10_000)
    lives = { forMs: 60_001, resumable: true }
    await vi.advanceTimersByTimeAsync(8000)
    const last = openings.length
    await vi.advanceTimersByTimeAsync(60_001 + 100 + 250)
    expect(openings).toHaveLength(last + 1)
    await stop()
  })

  test('for a new session it waits until the budget has room (S2, S4)', async () => {
    lives = { forMs: 1, resumable: false }
    const now = Date.now()
    start({ read: async () => [now], write: async () => undefined })
    await vi.advanceTimersByTimeAsync(4900)
    expect(openings.map(({ resumes }) => resumes)).toEqual([true])
    await vi.advanceTimersByTimeAsync(200)
    expect(openings.map(({ resumes }) => resumes)).toEqual([true, false])
    await stop()
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
