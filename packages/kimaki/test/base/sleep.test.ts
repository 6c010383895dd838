/** Waits end with their time, their promise or their signal, and leave no timer. */
import { describe, expect, test } from 'vitest'
import { isAbortError } from '../../src/base/errors.ts'
import { sleep, untilAborted, withDeadline } from '../../src/base/sleep.ts'
import { manualClock } from '../app/support/clock.ts'

function setUp() {
  const stopping = new AbortController()
  return { clock: manualClock(), signal: stopping.signal, stop: () => stopping.abort() }
}

const never = new Promise<never>(() => undefined)
const reasonOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (reason: unknown) => reason,
  )

describe('sleep', () => {
  test('resolves when its time has passed', async () => {
    const { clock, signal } = setUp()
    let isOver = false
    const slept = sleep(1000, signal, clock).then(() => (isOver = true))
    clock.advance(999)
    await Promise.resolve()
    expect(isOver).toBe(false)
    clock.advance(1)
    await slept
    expect(isOver).toBe(true)
  })

  test('rejects with an AbortError as soon as the signal aborts, and leaves no timer', async () => {
    const { clock, signal, stop } = setUp()
    const reason = reasonOf(sleep(1000, signal, clock))
    stop()
    expect(isAbortError(await reason)).toBe(true)
    expect(clock.pending).toBe(0)
  })

  test('does not begin when the signal has aborted already', async () => {
    const { clock, signal, stop } = setUp()
    stop()
    expect(isAbortError(await reasonOf(sleep(1000, signal, clock)))).toBe(true)
    expect(clock.pending).toBe(0)
  })

  test('a signal that aborts after the sleep is of no interest', async () => {
    const { clock, signal, stop } = setUp()
    const slept = sleep(1000, signal, clock)
    clock.advance(1000)
    stop()
    await expect(slept).resolves.toBeUndefined()
  })
})

describe('a deadline', () => {
  test('gives what the promise resolves to, and leaves no timer', async () => {
    const { clock, signal } = setUp()
    expect(await withDeadline(Promise.resolve('answer'), 1000, signal, clock)).toBe('answer')
    expect(clock.pending).toBe(0)
  })

  test('gives undefined once the time has passed', async () => {
    const { clock, signal } = setUp()
    const late = withDeadline(never, 1000, signal, clock)
    clock.advance(1000)
    expect(await late).toBeUndefined()
  })

  test('passes the rejection of the promise on', async () => {
    const { clock, signal } = setUp()
    await expect(withDeadline(Promise.reject(new Error('broken')), 1000, signal, clock)).rejects.toThrow('broken')
    expect(clock.pending).toBe(0)
  })

  test('rejects as soon as the signal aborts', async () => {
    const { clock, signal, stop } = setUp()
    const reason = reasonOf(withDeadline(never, 1000, signal, clock))
    stop()
    expect(isAbortError(await reason)).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

describe('until aborted', () => {
  test('gives what the promise resolves to', async () => {
    expect(await untilAborted(Promise.resolve('answer'), setUp().signal)).toBe('answer')
  })

  test('rejects as soon as the signal aborts, or when it has already', async () => {
    const { signal, stop } = setUp()
    const reason = reasonOf(untilAborted(never, signal))
    stop()
    expect(isAbortError(await reason)).toBe(true)
    expect(isAbortError(await reasonOf(untilAborted(never, signal)))).toBe(true)
  })

  test('what the promise does afterwards reaches nobody', async () => {
    const { signal, stop } = setUp()
    const late = Promise.withResolvers<never>()
    const reason = reasonOf(untilAborted(late.promise, signal))
    stop()
    late.reject(new Error('too late'))
    expect(isAbortError(await reason)).toBe(true)
  })
})
