/** Commits that fail are written later, strictly in their order, or not at all. */
import { describe, expect, test } from 'vitest'
import { durable } from '../../src/app/commit-queue.ts'
import { retrying } from '../../src/app/retry.ts'
import type { Batch, Committed, StorePort } from '../../src/ports/store.ts'
import { manualClock } from './support/clock.ts'
import { position } from './support/fake-chat.ts'
import { logInto } from './support/room.ts'
import { quiet } from './support/until.ts'

function setUp(fails: (batch: Batch) => boolean | 'lasting') {
  const clock = manualClock()
  const retry = retrying(clock)
  const written: number[] = []
  const lines: string[] = []
  const commit = async (batch: Batch): Promise<Committed> => {
    await new Promise(setImmediate)
    const failure = fails(batch)
    if (failure === 'lasting') return { ok: false, message: 'NOT NULL constraint failed', lasting: true }
    if (failure) return { ok: false, message: 'database or disk is full' }
    written.push(batch.position?.sequence ?? -1)
    return { ok: true, accepted: [] }
  }
  return { clock, retry, written, lines, safe: durable({ commit } as StorePort, retry, logInto(lines)) }
}

const at = (sequence: number): Batch => ({ position: position(sequence) })

describe('after a failure', () => {
  test('everything is written in the order it came, once the disk has room again', async () => {
    let full = true
    const { clock, safe, written, lines } = setUp(() => full)
    const all = [1, 2, 3].map(async (sequence) => safe.commit(at(sequence)))
    await quiet()
    all.push(safe.commit(at(4)))
    await quiet()
    expect(written).toEqual([])
    expect(lines[0]).toContain('cannot write to the database')
    full = false
    clock.advance(60_000)
    for (let turns = 0; turns < 5; turns += 1) {
      await quiet(5)
      clock.advance(0)
    }
    expect(await Promise.all(all)).toEqual([[], [], [], []])
    expect(written).toEqual([1, 2, 3, 4])
  })

  test('the pauses grow to fifteen seconds and no further', async () => {
    let tries = 0
    const { clock, safe } = setUp(() => (tries += 1) > 0)
    void safe.commit(at(1))
    await quiet()
    for (let seconds = 0; seconds < 120; seconds += 1) {
      clock.advance(1000)
      await quiet(5)
    }
    expect(tries).toBeGreaterThan(10)
    expect(tries).toBeLessThan(20)
  })
})

describe('a batch that can never be written', () => {
  const bad = at(13)

  test('is a defect of whoever made it, and holds up nobody else', async () => {
    const { safe, written } = setUp((batch) => batch === bad && 'lasting')
    const all = await Promise.allSettled([at(1), bad, at(2)].map(async (batch) => safe.commit(batch)))
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(written).toEqual([1, 2])
  })

  test('holds up nobody behind it in the line either', async () => {
    let full = true
    const { clock, safe, written } = setUp((batch) => (full ? true : batch === bad && 'lasting'))
    const all = Promise.allSettled([at(1), bad, at(2)].map(async (batch) => safe.commit(batch)))
    await quiet()
    full = false
    for (let turns = 0; turns < 5; turns += 1) {
      clock.advance(20_000)
      await quiet(5)
    }
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(written).toEqual([1, 2])
  })
})

describe('at the end', () => {
  test('a batch that still cannot be written is given up, and nothing behind it is written either', async () => {
    const { retry, safe, written } = setUp((batch) => batch.position?.sequence === 1)
    const first = safe.commit(at(1))
    await quiet()
    const second = safe.commit(at(2))
    retry.stop()
    expect(await first).toBeUndefined()
    expect(await second).toBeUndefined()
    expect(await safe.commit(at(3))).toBeUndefined()
    expect(written).toEqual([])
  })

  test('what can be written is written', async () => {
    const { retry, safe, written } = setUp(() => false)
    retry.stop()
    expect(await safe.commit(at(1))).toEqual([])
    expect(written).toEqual([1])
  })
})
