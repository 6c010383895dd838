/** One timer a key. */
import { expect, test } from 'vitest'
import { KeyedTimers } from '../../src/base/keyed-timers.ts'
import { manualClock } from '../app/support/clock.ts'

function setUp() {
  const clock = manualClock()
  const fired: string[] = []
  const timers = new KeyedTimers(clock)
  return { clock, fired, timers, set: (key: string, ms: number, name = key) => timers.set(key, ms, () => void fired.push(name)) }
}

test('each key fires once, when its time has come', () => {
  const { clock, fired, set } = setUp()
  set('late', 200)
  set('soon', 100)
  clock.advance(150)
  expect(fired).toEqual(['soon'])
  clock.advance(1000)
  expect(fired).toEqual(['soon', 'late'])
})

test('of two requests for a key the earlier one counts, whichever came first', () => {
  const { clock, fired, set } = setUp()
  set('x', 100, 'sooner')
  set('x', 200, 'ignored')
  set('y', 200, 'replaced')
  set('y', 100, 'sooner too')
  clock.advance(1000)
  expect(fired).toEqual(['sooner', 'sooner too'])
  expect(clock.pending).toBe(0)
})

test('a key that has fired can be set again, also by its own callback', () => {
  const { clock, fired, timers } = setUp()
  const again = (): void => void (fired.push('x') < 3 && timers.set('x', 100, again))
  timers.set('x', 100, again)
  clock.advance(1000)
  expect(fired).toEqual(['x', 'x', 'x'])
})

test('a cleared key does not fire; the others do', () => {
  const { clock, fired, set, timers } = setUp()
  set('x', 100)
  set('y', 100)
  timers.clear('x')
  timers.clear('unknown')
  clock.advance(1000)
  expect(fired).toEqual(['y'])
})

test('a stop leaves no timer, and none is set afterwards', () => {
  const { clock, fired, set, timers } = setUp()
  set('x', 100)
  timers.stop()
  set('y', 100)
  expect(clock.pending).toBe(0)
  clock.advance(1000)
  expect(fired).toEqual([])
})
