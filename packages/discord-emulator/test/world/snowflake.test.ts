import { expect, test } from 'vitest'
import { compareSnowflakes, createSnowflakes, microseconds, snowflakeTime, timestamp } from '../../src/world/base/snowflake.ts'

test('ids ascend, even within a millisecond, through an overflow and when the clock goes back', () => {
  let clock = 1_700_000_000_000
  const next = createSnowflakes(() => clock)
  const ids = Array.from({ length: 10_000 }, (_, index) => {
    if (index === 9000) clock -= 60_000
    return next()
  })
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every((id, index) => index === 0 || compareSnowflakes(ids[index - 1] ?? '', id) < 0)).toBe(true)
})

test('an id carries its time', () => {
  const now = Date.now()
  expect(snowflakeTime(createSnowflakes(() => now)())).toBe(now)
  expect(snowflakeTime('175928847299117063')).toBe(Date.parse('2016-04-30T11:18:25.796Z'))
})

test('ids are compared as numbers', () => {
  expect(['100', '99', '9'].sort(compareSnowflakes)).toEqual(['9', '99', '100'])
})

test('times have microseconds and an offset', () => {
  expect(timestamp(1_700_000_000_123.456)).toMatch(/^2023-11-14T22:13:20\.12345[56]\+00:00$/)
  expect(microseconds('2023-11-14T22:13:20.123456+00:00')).toBe(1_700_000_000_123_456)
  expect(microseconds('2023-11-14T22:13:20Z')).toBe(1_700_000_000_000_000)
  expect(microseconds('yesterday')).toBeNaN()
})
