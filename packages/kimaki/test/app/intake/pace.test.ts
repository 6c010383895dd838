/** V31: how many conversations a person may begin within a minute, by the times at which the messages were written. */
import { describe, expect, test } from 'vitest'
import { Pace } from '../../../src/app/intake/pace.ts'
import { snowflakeAt } from '../../../src/base/ids.ts'

const NOON = 1_800_000_000_000
/** Messages written so many seconds after noon. */
const at = (...seconds: readonly number[]): readonly string[] =>
  seconds.map((second, index) => String(BigInt(snowflakeAt(NOON + second * 1000)) + BigInt(index)))
const every = (step: number, count: number): readonly number[] => Array.from({ length: count }, (_, index) => index * step)
const allowed = (atMost: number, ids: readonly string[]): number => {
  const pace = new Pace(atMost)
  return ids.filter((id) => pace.allows('ann', id)).length
}

describe('V31: conversations a minute', () => {
  test.each([
    ['a burst of 300 within a second', 20, at(...every(0.003, 300)), 20],
    ['one every four seconds, for an hour', 20, at(...every(4, 900)), 900],
    ['one every two seconds, for ten minutes', 20, at(...every(2, 300)), 200],
    ['20, and 20 more a minute later', 20, at(...every(0.1, 20), ...every(0.1, 20).map((second) => second + 60)), 40],
    ['20, and 20 more 59 seconds later', 20, at(...every(0.1, 20), ...every(0.1, 20).map((second) => second + 57)), 20],
    ['a setting of one', 1, at(0, 30, 61), 2],
  ])('%s', (_name, atMost, ids, count) => {
    expect(allowed(atMost, ids)).toBe(count)
  })

  test('an hour away, read channel after channel: whoever wrote at human speed is refused nothing', () => {
    const channels = [0, 1, 2].map((channel) => at(...every(30, 120).map((second) => second + channel)))
    expect(allowed(20, channels.flat())).toBe(360)
  })

  test('a burst over several channels, read channel after channel, is one burst', () => {
    const [one, other] = [at(...every(1, 20).map((second) => second + 30)), at(...every(1, 20))]
    expect(allowed(20, [...one, ...other])).toBe(20)
  })

  test('asked again about a message, the answer is the same, and it counts once', () => {
    const ids = at(...every(0.1, 30))
    const pace = new Pace(20)
    const answers = ids.map((id) => pace.allows('ann', id))
    expect(ids.map((id) => pace.allows('ann', id))).toEqual(answers)
    expect(answers.filter(Boolean)).toHaveLength(20)
  })

  test('each person has a minute of their own', () => {
    const pace = new Pace(20)
    for (const id of at(...every(0.1, 30))) pace.allows('ann', id)
    expect(pace.allows('bo', at(1)[0] ?? '')).toBe(true)
  })
})
