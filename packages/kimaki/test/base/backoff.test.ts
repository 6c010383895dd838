/** Pauses that double up to a limit. */
import { expect, test } from 'vitest'
import { backoffMs } from '../../src/base/backoff.ts'

const limits = { firstMs: 250, longestMs: 2000 }

test('the first failure costs the first pause, each further one twice as much, up to the longest', () => {
  expect([1, 2, 3, 4, 5, 6].map((failures) => backoffMs(limits, failures))).toEqual([250, 500, 1000, 2000, 2000, 2000])
})

test('no failure yet, or very many, are within the limits too', () => {
  expect(backoffMs(limits, 0)).toBe(250)
  expect(backoffMs(limits, 10_000)).toBe(2000)
})
