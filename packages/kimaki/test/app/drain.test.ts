/** The stop waits for what shell commands have to tell, but no longer than a second. */
import { expect, test } from 'vitest'
import { Drain } from '../../src/app/drain.ts'
import { manualClock } from './support/clock.ts'
import { quiet } from './support/until.ts'

interface Talker {
  hasMore: boolean
}

function setUp(...talkers: readonly Talker[]) {
  const clock = manualClock()
  const drain = new Drain<Talker>(clock, ({ hasMore }) => hasMore)
  let isOver = false
  const begin = (): void => void drain.reported(talkers).then(() => (isOver = true))
  return { clock, drain, begin, isOver: () => isOver }
}

test('nobody has anything to say: the stop goes on at once', async () => {
  const { clock, begin, isOver } = setUp({ hasMore: false })
  begin()
  await quiet(2)
  expect(isOver()).toBe(true)
  expect(clock.pending).toBe(0)
})

test('the stop goes on with the last conversation that has told its thread', async () => {
  const talkers = [{ hasMore: true }, { hasMore: true }]
  const { clock, drain, begin, isOver } = setUp(...talkers)
  begin()
  for (const talker of talkers) {
    await quiet(2)
    expect(isOver()).toBe(false)
    talker.hasMore = false
    drain.changed()
  }
  await quiet(2)
  expect(isOver()).toBe(true)
  expect(clock.pending).toBe(0)
})

test('after a second the stop goes on without them', async () => {
  const { clock, begin, isOver } = setUp({ hasMore: true })
  begin()
  clock.advance(999)
  await quiet(2)
  expect(isOver()).toBe(false)
  clock.advance(1)
  await quiet(2)
  expect(isOver()).toBe(true)
})

test('a change before the stop is of no interest', () => {
  const { drain } = setUp({ hasMore: true })
  expect(() => drain.changed()).not.toThrow()
})
