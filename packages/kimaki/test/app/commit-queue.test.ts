/** Commits that fail are written later, strictly in their order, or not at all. */
import { describe, expect, test } from 'vitest'
import { CommitQueue } from '../../src/app/commit-queue.ts'
import { Retry } from '../../src/app/retry.ts'
import { BatchRejected, isAbortError, StoreUnavailable } from '../../src/base/errors.ts'
import type { Log } from '../../src/ports/host.ts'
import type { Batch, Committed } from '../../src/ports/store.ts'
import { manualClock } from './support/clock.ts'
import { quiet } from './support/until.ts'

type Failure = 'full' | 'rejected' | undefined

/** `delay`: what the store waits for before it answers. */
function setUp(failureOf: (batch: Batch) => Failure, delay: (batch: Batch) => Promise<void> = async () => undefined) {
  const clock = manualClock()
  const stopping = new AbortController()
  const written: number[] = []
  const errors: string[] = []
  const log = { error: (message: string) => void errors.push(message) } as Log
  const commit = async (batch: Batch): Promise<Committed> => {
    await new Promise(setImmediate)
    await delay(batch)
    const failure = failureOf(batch)
    if (failure === 'rejected') return new BatchRejected({ reason: 'NOT NULL constraint failed' })
    if (failure === 'full') return new StoreUnavailable({ reason: 'database or disk is full' })
    written.push(sequenceOf(batch))
    return []
  }
  const commits = new CommitQueue({ commit }, new Retry(clock, stopping.signal), log)
  return { clock, stop: () => stopping.abort(), written, errors, commits, store: { commit } }
}

const at = (sequence: number): Batch => ({ position: { sessionId: 'gateway-1', resumeUrl: 'wss://resume', sequence } })
const sequenceOf = (batch: Batch): number => batch.position?.sequence ?? -1

/** How a commit ended: with rows, as a defect, or because of the stop. */
const ended = async (commit: Promise<unknown>): Promise<unknown> =>
  commit.then(
    (rows) => rows,
    (error: unknown) => (isAbortError(error) ? 'aborted' : error),
  )

describe('after a failure', () => {
  test('Q1: everything is written in the order it came, once the disk has room again', async () => {
    let full = true
    const { clock, commits, written, errors } = setUp(() => (full ? 'full' : undefined))
    const all = [1, 2, 3].map(async (sequence) => commits.commit(at(sequence)))
    await quiet()
    all.push(commits.commit(at(4)))
    await quiet()
    expect(written).toEqual([])
    expect(errors[0]).toContain('cannot write to the database')
    full = false
    clock.advance(60_000)
    for (let turns = 0; turns < 5; turns += 1) {
      await quiet(5)
      clock.advance(0)
    }
    expect(await Promise.all(all)).toEqual([[], [], [], []])
    expect(written).toEqual([1, 2, 3, 4])
  })

  test('Q1: a batch that comes while an earlier one waits is not written before it, though the disk has room by then', async () => {
    let full = true
    const { clock, commits, written } = setUp(() => (full ? 'full' : undefined))
    const first = commits.commit(at(1))
    await quiet()
    full = false
    const second = commits.commit(at(2))
    await quiet()
    expect(written).toEqual([])
    clock.advance(250)
    await Promise.all([first, second])
    expect(written).toEqual([1, 2])
  })

  test('Q1: batches that fail in another order than they came are written in the order they came', async () => {
    let full = true
    const slow = Promise.withResolvers<void>()
    const { clock, commits, written } = setUp(
      () => (full ? 'full' : undefined),
      async (batch) => (full && sequenceOf(batch) === 1 ? slow.promise : undefined),
    )
    const all = [commits.commit(at(1)), commits.commit(at(2))]
    await quiet()
    slow.resolve()
    await quiet()
    full = false
    clock.advance(250)
    await Promise.all(all)
    expect(written).toEqual([1, 2])
  })

  test('Q1, red control: given to the store at once, the later one would be on record first', async () => {
    let full = true
    const { clock, commits, store, written } = setUp(() => (full ? 'full' : undefined))
    const first = commits.commit(at(1))
    await quiet()
    full = false
    await store.commit(at(2))
    clock.advance(250)
    await first
    expect(written).toEqual([2, 1])
  })

  test('the pauses grow to fifteen seconds and no further', async () => {
    let tries = 0
    const { clock, commits } = setUp(() => ((tries += 1) > 0 ? 'full' : undefined))
    void commits.commit(at(1))
    await quiet()
    for (let seconds = 0; seconds < 120; seconds += 1) {
      clock.advance(1000)
      await quiet(5)
    }
    expect(tries).toBeGreaterThan(10)
    expect(tries).toBeLessThan(20)
  })

  test('they begin anew behind a batch that was written, and are never left out', async () => {
    let tries = 0
    const { clock, commits, written } = setUp((batch) => {
      tries += 1
      return sequenceOf(batch) === 2 || tries < 3 ? 'full' : undefined
    })
    void commits.commit(at(1))
    void commits.commit(at(2))
    await quiet()
    clock.advance(250)
    await quiet()
    expect(written).toEqual([1])
    // The second was tried along with the first, and again right behind it.
    expect(tries).toBe(4)
    await quiet()
    expect(tries, 'the next try comes after a pause').toBe(4)
    clock.advance(250)
    await quiet()
    expect(tries).toBe(5)
  })
})

describe('a batch that can never be written', () => {
  const bad = at(13)

  test('Q2: is a defect of whoever made it, and holds up nobody else', async () => {
    const { commits, written } = setUp((batch) => (batch === bad ? 'rejected' : undefined))
    const all = await Promise.allSettled([at(1), bad, at(2)].map(async (batch) => commits.commit(batch)))
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(all[1]).toMatchObject({ reason: expect.any(BatchRejected) })
    expect(written).toEqual([1, 2])
  })

  test('Q2: holds up nobody behind it among those that wait either', async () => {
    let full = true
    const { clock, commits, written } = setUp((batch) => (full ? 'full' : batch === bad ? 'rejected' : undefined))
    const all = Promise.allSettled([at(1), bad, at(2)].map(async (batch) => commits.commit(batch)))
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
  test('Q3: a batch that still cannot be written is given up, and nothing behind it is written either', async () => {
    const { stop, commits, written } = setUp((batch) => (sequenceOf(batch) === 1 ? 'full' : undefined))
    const first = ended(commits.commit(at(1)))
    await quiet()
    const second = ended(commits.commit(at(2)))
    stop()
    expect(await first).toBe('aborted')
    expect(await second).toBe('aborted')
    expect(await ended(commits.commit(at(3)))).toBe('aborted')
    expect(written).toEqual([])
  })

  test('Q3: what waits is tried once more, and what can be written is written', async () => {
    let full = true
    const { clock, stop, commits, written } = setUp(() => (full ? 'full' : undefined))
    const all = [commits.commit(at(1)), commits.commit(at(2))]
    await quiet()
    full = false
    stop()
    expect(await Promise.all(all)).toEqual([[], []])
    expect(written).toEqual([1, 2])
    expect(clock.pending).toBe(0)
  })

  test('what comes after the stop is written, if it can be', async () => {
    const { stop, commits, written } = setUp(() => undefined)
    stop()
    expect(await commits.commit(at(1))).toEqual([])
    expect(written).toEqual([1])
  })
})
