/** An id is recent for a while by timers, whatever the wall clock says. */
import { expect, test } from 'vitest'
import { RecentIds } from '../../src/app/recent-ids.ts'
import { manualClock } from './support/clock.ts'

const TTL_MS = 5000

test('an id is recent until its time is over', () => {
  const clock = manualClock()
  const ids = new RecentIds(clock, TTL_MS)
  ids.add('a')
  clock.advance(TTL_MS - 1)
  expect(ids.has('a')).toBe(true)
  expect(ids.has('b')).toBe(false)
  clock.advance(1)
  expect(ids.has('a')).toBe(false)
})

test('an id that is added again stays for the whole time once more', () => {
  const clock = manualClock()
  const ids = new RecentIds(clock, TTL_MS)
  ids.add('a')
  clock.advance(TTL_MS - 1)
  ids.add('a')
  clock.advance(TTL_MS - 1)
  expect(ids.has('a')).toBe(true)
  clock.advance(1)
  expect(ids.has('a')).toBe(false)
})

test.each([-3_600_000, -TTL_MS, 3_600_000])('a wall clock that is set by %i ms changes nothing', (jump) => {
  const clock = manualClock()
  const ids = new RecentIds(clock, TTL_MS)
  ids.add('a')
  clock.jump(jump)
  clock.advance(TTL_MS - 1)
  expect(ids.has('a')).toBe(true)
  clock.advance(1)
  expect(ids.has('a')).toBe(false)
})

test('a stop leaves no timer and no id', () => {
  const clock = manualClock()
  const ids = new RecentIds(clock, TTL_MS)
  ids.add('a')
  ids.stop()
  expect(clock.pending).toBe(0)
  expect(ids.has('a')).toBe(false)
  ids.add('b')
  expect(clock.pending).toBe(0)
  expect(ids.has('b')).toBe(false)
})
