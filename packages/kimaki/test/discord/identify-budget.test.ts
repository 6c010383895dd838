/** New gateway sessions over hours and days of simulated time, over any number of processes on one database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { IdentifyBudget } from '../../src/discord/gateway/identify-budget.ts'
import type { IdentifyRecords } from '../../src/ports/chat.ts'
import { createStore } from '../../src/store/store.ts'
import { inMemory } from './world.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = 1_800_000_000_000

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kimaki-identifies-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Life {
  readonly budget: IdentifyBudget
  end(): Promise<void>
}

/** A process on the folder's database. */
function onRecord(clock: Clock): Life {
  const store = createStore(join(folder, 'data.db'))
  if (store instanceof Error) throw store
  return { budget: clock.budget(store.identifies), end: store.close }
}

/** A database that costs nothing, for processes whose number is the subject. */
function onSharedRecord(): (clock: Clock) => Life {
  const records = inMemory()
  return (clock) => ({ budget: clock.budget(records), end: async () => undefined })
}

/** The red control: what a process counts dies with it. */
const forgetful = (clock: Clock): Life => ({ budget: clock.budget(inMemory()), end: async () => undefined })

interface Clock {
  now: number
  readonly words: string[]
  budget(records: IdentifyRecords): IdentifyBudget
}

function simulated(): Clock {
  const clock: Clock = {
    now: START,
    words: [],
    budget(records) {
      const say = (text: string): void => void clock.words.push(text)
      const after = (ms: number, callback: () => void): (() => void) => {
        clock.now += ms
        queueMicrotask(callback)
        return () => undefined
      }
      return new IdentifyBudget({
        records,
        log: { debug: () => undefined, info: say, warn: say, error: say },
        clock: { now: () => clock.now, after },
      })
    },
  }
  return clock
}

/** Crashes two seconds after each IDENTIFY and is started again at once; the times of the IDENTIFYs. */
async function crashLoop(
  duration: number,
  begin: (clock: Clock) => Life,
): Promise<{ readonly times: number[]; readonly words: readonly string[] }> {
  const clock = simulated()
  const times: number[] = []
  while (clock.now < START + duration) {
    const life = begin(clock)
    await life.budget.take(new AbortController().signal)
    if (clock.now < START + duration) times.push(clock.now)
    clock.now += 2 * SECOND
    await life.end()
  }
  return { times, words: clock.words }
}

const mostWithin = (times: readonly number[], window: number): number =>
  Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + window).length))

const gaps = (times: readonly number[]): readonly number[] => times.slice(1).map((time, n) => time - (times[n] ?? 0))

describe('a crash loop', () => {
  test('of an hour asks for five sessions a minute at most, five seconds apart, and stops before two hundred (B1, B2)', async () => {
    const { times, words } = await crashLoop(HOUR, onRecord)
    expect(mostWithin(times, MINUTE)).toBe(5)
    expect(Math.min(...gaps(times))).toBe(5 * SECOND)
    expect(times).toHaveLength(199)
    expect(words[0]).toMatch(/^199 new gateway sessions in 24 hours.*offline until 20/)
  })

  test('of a day and an hour asks for fewer than two hundred a day, and says when it goes on', async () => {
    const { times, words } = await crashLoop(DAY + HOUR, onSharedRecord())
    expect(mostWithin(times, DAY)).toBe(199)
    expect(mostWithin(times, MINUTE)).toBe(5)
    expect(times.length).toBeGreaterThan(250)
    expect(words.filter((line) => line.includes('may be begun again')).length).toBeGreaterThan(0)
  })

  test('red control: with a budget that dies with the process it would have cost the token', async () => {
    const { times, words } = await crashLoop(HOUR, forgetful)
    expect(mostWithin(times, MINUTE)).toBe(30)
    expect(times.length).toBeGreaterThan(1000)
    expect(words).toEqual([])
  })
})

describe('a clock', () => {
  const spent = async (clock: Clock): Promise<Life> => {
    const life = onSharedRecord()(clock)
    for (let n = 0; n < 199; n += 1) await life.budget.take(new AbortController().signal)
    return life
  }
  const waited = async (clock: Clock, life: Life): Promise<number> => {
    const from = clock.now
    await life.budget.ready(new AbortController().signal)
    return clock.now - from
  }

  test.each([
    ['an hour', HOUR],
    ['a year', 365 * DAY],
  ])('that is set back by %s neither unlocks the budget nor locks it for more than a day (B3)', async (_name, back) => {
    const clock = simulated()
    const life = await spent(clock)
    clock.now -= back
    const ms = await waited(clock, life)
    expect(ms).toBeGreaterThan(22 * HOUR)
    expect(ms).toBeLessThanOrEqual(DAY)
    await life.end()
  })

  test('that is set back after a few sessions asks for a minute at most', async () => {
    const clock = simulated()
    const life = onRecord(clock)
    for (let n = 0; n < 5; n += 1) await life.budget.take(new AbortController().signal)
    clock.now -= 365 * DAY
    expect(await waited(clock, life)).toBeLessThanOrEqual(MINUTE)
    await life.end()
  })
})

describe('a record', () => {
  test('that cannot be read lets no session begin until it can (B4)', async () => {
    const clock = simulated()
    let broken = 3
    const budget = clock.budget({
      read: async () => {
        if ((broken -= 1) >= 0) throw new Error('disk I/O error')
        return []
      },
      write: async () => undefined,
    })
    await budget.take(new AbortController().signal)
    expect(clock.now - START).toBe(90 * SECOND)
    expect(clock.words[0]).toMatch(/cannot be read/)
  })

  test('that cannot be written lets no session begin until it can (B4)', async () => {
    const clock = simulated()
    let broken = 2
    const budget = clock.budget({
      read: async () => [],
      write: async () => {
        if ((broken -= 1) >= 0) throw new Error('disk full')
      },
    })
    await budget.take(new AbortController().signal)
    expect(clock.now - START).toBe(60 * SECOND)
  })
})
