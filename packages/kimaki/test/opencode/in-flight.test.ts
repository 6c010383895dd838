/** Runs that a prompt has begun and that nothing shows yet. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RunsInFlight } from '../../src/opencode/session/in-flight.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a run is in flight while its prompt is submitted, and for two seconds after', () => {
  const runs = new RunsInFlight()
  runs.begin('ses_1', '/a')
  vi.advanceTimersByTime(60_000)
  expect([runs.has('/a'), runs.has('/b'), runs.has()]).toEqual([true, false, true])
  runs.submitted('ses_1')
  vi.advanceTimersByTime(1_999)
  expect(runs.has('/a')).toBe(true)
  vi.advanceTimersByTime(1)
  expect(runs.has('/a')).toBe(false)
})

test('a run that has finished is not in flight, also when it finished before its prompt was submitted', () => {
  const runs = new RunsInFlight()
  runs.begin('ses_1', '/a')
  runs.finish('ses_1')
  runs.submitted('ses_1')
  expect(runs.has()).toBe(false)
})
