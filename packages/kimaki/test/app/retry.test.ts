/** Trying again: pauses that double to thirty seconds, and an end. */
import { expect, test } from 'vitest'
import { retrying } from '../../src/app/retry.ts'
import { manualClock } from './support/clock.ts'
import { quiet } from './support/until.ts'

test('the pauses double from half a second to thirty seconds', async () => {
  const clock = manualClock()
  const start = clock.now()
  const at: number[] = []
  const done = retrying(clock).until(async (tries) => {
    at.push(clock.now() - start)
    return tries === 8 ? 'done' : undefined
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

test('a stop ends every wait and leaves no timer (P-064)', async () => {
  const clock = manualClock()
  const retry = retrying(clock)
  const waits = [retry.until(async () => undefined), retry.pause(1000)]
  await quiet()
  retry.stop()
  expect(await Promise.all(waits)).toEqual(['stopped', undefined])
  expect(clock.pending).toBe(0)
  await retry.pause(1000)
  expect(clock.pending).toBe(0)
})
