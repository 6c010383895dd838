/** A gateway that keeps the line and delivers nothing. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ChatRefused } from '../../src/base/errors.ts'
import { DeliveryWatch } from '../../src/discord/gateway/delivery-watch.ts'
import type { Reader } from '../../src/discord/wire/shape.ts'
import { openWorld, type World } from './world.ts'

const GUILD = '100'
const CHANNEL = '200'
const LOOK = 180_000

describe('the watch', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Of Discord: the newest message of each place, and what can be read there. */
  function watching(newest: string | undefined = '1000') {
    const asked: string[] = []
    const discord = { newest, ofThread: undefined as string | undefined, readable: true }
    let deaf = 0
    const answer = (route: string): unknown => {
      asked.push(route.replace(/\d+/g, ':id'))
      if (route.endsWith('/channels')) {
        return [
          { id: CHANNEL, last_message_id: discord.newest },
          { id: '201', last_message_id: '9999' },
        ]
      }
      if (route.endsWith('/active')) return { threads: [{ id: '300', parent_id: CHANNEL, last_message_id: discord.ofThread }] }
      return discord.readable ? [{ id: discord.newest, content: 'x' }] : []
    }
    const read = async <T>(route: string, reader: Reader<T>): Promise<T | ChatRefused> => {
      const known = reader(answer(route))
      return known instanceof Error ? new ChatRefused({ code: 0, reason: known.message }) : known
    }
    const watch = new DeliveryWatch({
      rest: { call: async ({ route }, reader) => read(route, reader), read },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      guildIds: () => [GUILD],
      isProjectChannel: (id) => id === CHANNEL,
      onDeaf() {
        deaf += 1
        watch.connected()
      },
    })
    const hear = (id: string): void => watch.onDispatch({ t: 'MESSAGE_CREATE', d: { id, guild_id: GUILD }, read: undefined })
    const begin = (): void => {
      watch.connected()
      const channels = [{ id: CHANNEL, last_message_id: '1000' }]
      watch.onDispatch({ t: 'GUILD_CREATE', d: { id: GUILD, channels, threads: [] }, read: undefined })
    }
    return { watch, asked, discord, hear, begin, deaf: () => deaf }
  }

  test('asks nothing while the gateway speaks, and twice in three minutes while it is quiet', async () => {
    const { asked, begin, hear, watch } = watching()
    begin()
    for (let minutes = 0; minutes < 60; minutes += 1) {
      hear(String(1001 + minutes))
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(asked).toEqual([])
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(asked.length).toBeLessThanOrEqual(40)
    expect(new Set(asked)).toEqual(new Set(['/guilds/:id/channels', '/guilds/:id/threads/active']))
    watch.disconnected()
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([
    ['in a channel', 'newest'],
    ['in a thread', 'ofThread'],
  ] as const)('finds a message that was missed %s', async (_where, place) => {
    const { begin, discord, deaf } = watching()
    begin()
    await vi.advanceTimersByTimeAsync(LOOK)
    discord[place] = '1005'
    await vi.advanceTimersByTimeAsync(LOOK + 20_000)
    expect(deaf()).toBe(1)
  })

  test.each<readonly [string, (bed: ReturnType<typeof watching>) => void | Promise<void>]>([
    ['whose dispatch is on its way', async ({ hear }) => vi.advanceTimersByTimeAsync(5000).then(() => hear('1005'))],
    ['that may not be read', ({ discord }) => void (discord.readable = false)],
  ])('takes no message for proof %s', async (_what, happens) => {
    const bed = watching()
    bed.begin()
    await vi.advanceTimersByTimeAsync(LOOK + 1000)
    bed.discord.newest = '1005'
    await vi.advanceTimersByTimeAsync(LOOK - 1000)
    await happens(bed)
    await vi.advanceTimersByTimeAsync(10 * LOOK)
    expect(bed.deaf()).toBe(0)
  })

  test('after a RESUME into an empty memory begins with what stands there', async () => {
    const { watch, discord, deaf } = watching('1004')
    watch.connected()
    await vi.advanceTimersByTimeAsync(LOOK + 20_000)
    expect(deaf()).toBe(0)
    discord.newest = '1005'
    await vi.advanceTimersByTimeAsync(LOOK + 20_000)
    expect(deaf()).toBe(1)
  })

  test('that new sessions do not help asks for them ever more rarely: a day costs few of the thousand that Discord counts', async () => {
    const { begin, discord, deaf } = watching()
    begin()
    for (let minutes = 0; minutes < 1440; minutes += 1) {
      discord.newest = String(2000 + minutes)
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(deaf()).toBeGreaterThan(20)
    expect(deaf()).toBeLessThan(35)
  })
})

describe('in the emulator', () => {
  let world: World
  afterEach(() => world.stop())

  test('heartbeats are acknowledged, nothing is delivered: a new session is begun, so that what was missed is read', async () => {
    world = await openWorld()
    const chat = world.chat({ options: { overrides: { watch: { lookMs: 100, confirmMs: 50 } } } })
    await chat.start()
    world.owner.send(world.channelId, 'heard')
    await chat.until('the first', () => chat.texts().includes('heard') || undefined)
    const mute = world.emulator.faults.addEvent(world.bot.id, { event: '*', effect: { kind: 'skip' } })
    world.owner.send(world.channelId, 'missed')
    await chat.until('a new session', () => chat.events.filter(({ kind }) => kind === 'fresh').length === 2 || undefined)
    expect([mute.hits, world.gatewaySteps().filter((step) => step === 'identify').length]).toEqual([1, 2])
    world.owner.send(world.channelId, 'heard again')
    await chat.until('the next', () => chat.texts().includes('heard again') || undefined)
    expect(chat.texts()).toEqual(['heard', 'heard again'])
  })
})
