/** Trying again: pauses that double to thirty seconds, and an end. */
import { expect, test } from 'vitest'
import { Retry } from '../../src/app/retry.ts'
import { isAbortError } from '../../src/base/errors.ts'
import { manualClock } from './support/clock.ts'
import { quiet } from './support/until.ts'

test('the pauses double from half a second to thirty seconds', async () => {
  const clock = manualClock()
  const start = clock.now()
  const at: number[] = []
  const done = new Retry(clock, new AbortController().signal).until(async (failures) => {
    at.push(clock.now() - start)
    return failures === 8 ? 'done' : undefined
  })
  for (let seconds = 0; seconds < 100; seconds += 1) {
    await quiet(2)
    clock.advance(500)
    await quiet(2)
    clock.advance(500)
  }
  expect(await done).toBe('done')
  expect(at).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500, 61_500, 91_500])
})

test('a stop ends every wait with an AbortError and leaves no timer (P-064)', async () => {
  const clock = manualClock()
  const stopping = new AbortController()
  const retry = new Retry(clock, stopping.signal)
  const waits = [retry.until(async () => undefined), retry.pause(1000)]
  const ends = Promise.allSettled(waits)
  await quiet()
  stopping.abort()
  for (const end of await ends) expect(end.status === 'rejected' && isAbortError(end.reason)).toBe(true)
  expect(clock.pending).toBe(0)
  await expect(retry.pause(1000)).rejects.toThrow(/abort/i)
  expect(clock.pending).toBe(0)
})

test('nothing is attempted after the stop', async () => {
  const stopping = new AbortController()
  stopping.abort()
  let attempts = 0
  const retry = new Retry(manualClock(), stopping.signal)
  await expect(retry.until(async () => (attempts += 1))).rejects.toThrow(/abort/i)
  expect(attempts).toBe(0)
})

test('a defect of the attempt passes through', async () => {
  const retry = new Retry(manualClock(), new AbortController().signal)
  await expect(retry.until(async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})
