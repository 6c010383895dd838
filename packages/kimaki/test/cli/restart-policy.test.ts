/** What follows an end: again or not, and when. Time is a value here. */
import { describe, expect, test } from 'vitest'
import {
  NO_HISTORY,
  RESTART_POLICY,
  afterExit,
  type BotExit,
  type History,
  type RestartPolicy,
} from '../../src/cli/process/restart-policy.ts'

const SECOND = 1000

/** Lives one after the other, with the policy's own pauses between them. */
function lives(
  ends: readonly { readonly code?: number; readonly signal?: NodeJS.Signals; readonly uptimeMs: number }[],
  policy: RestartPolicy = RESTART_POLICY,
): {
  readonly pauses: readonly number[]
  readonly end: { readonly code: number; readonly message: string | undefined } | undefined
  readonly at: number
} {
  let history: History = NO_HISTORY
  let at = 0
  const pauses: number[] = []
  for (const { code = null, signal = null, uptimeMs } of ends) {
    at += uptimeMs
    const ending: BotExit = { code, signal, uptimeMs, at }
    const after = afterExit(ending, history, policy)
    history = after.history
    if (after.next.kind === 'exit') return { pauses, end: after.next, at }
    pauses.push(after.next.afterMs)
    at += after.next.afterMs
  }
  return { pauses, end: undefined, at }
}

const times = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one)

test.each([0, 64])('%i ends it with the same code, and without a word', (code) => {
  expect(lives([{ code, uptimeMs: 10 }]).end).toEqual({ kind: 'exit', code, message: undefined })
})

describe('a crash', () => {
  test.each([
    { code: 1, message: 'the bot died (exit code 1). Starting again in 2 s.' },
    { signal: 'SIGKILL' as const, message: 'the bot died (SIGKILL). Starting again in 2 s.' },
  ])('leads to a new start after 2 s: $message', ({ message, ...ending }) => {
    const { next } = afterExit({ code: null, signal: null, at: 5, uptimeMs: 5, ...ending }, NO_HISTORY, RESTART_POLICY)
    expect(next).toEqual({ kind: 'restart', afterMs: 2000, message })
  })

  test('after a crash waits longer each time, up to 30 s', () => {
    const slow = times(9, { code: 1, uptimeMs: 20 * SECOND })
    expect(lives(slow).pauses).toEqual([2, 4, 8, 16, 30, 30, 30, 30, 30].map((seconds) => seconds * SECOND))
  })

  test('after a healthy minute begins anew with 2 s', () => {
    const { pauses } = lives([...times(3, { code: 1, uptimeMs: SECOND }), { code: 1, uptimeMs: 60 * SECOND }])
    expect(pauses).toEqual([2000, 4000, 8000, 2000])
  })

  test('at each start: the sixth ends it with 1 and words, whatever the pauses between them add up to', () => {
    const { pauses, end } = lives(times(20, { signal: 'SIGSEGV', uptimeMs: 500 }))
    expect(pauses).toHaveLength(5)
    expect(end).toEqual({
      kind: 'exit',
      code: 1,
      message:
        'the bot died (SIGSEGV). It crashed 6 times within 60 s of running, so it is not started again. The cause is in kimaki.log.',
    })
  })

  test('five times in a minute is put up with when it then lives', () => {
    expect(lives([...times(5, { code: 1, uptimeMs: SECOND }), { code: 1, uptimeMs: 61 * SECOND }]).end).toBeUndefined()
  })

  test('every half minute for an hour is put up with, for a day it is not: fewer than 200 starts', () => {
    const slow = { code: 1, uptimeMs: 30 * SECOND }
    expect(lives(times(60, slow))).toMatchObject({ end: undefined })
    const day = lives(times(3000, slow))
    expect(day.end?.code).toBe(1)
    expect(day.pauses.length).toBeLessThan(200)
  })

  test('at each start leads to five starts a minute at most', () => {
    const { pauses } = lives(times(5, { code: 1, uptimeMs: 1 }))
    // The sixth start comes after the fifth pause.
    expect(pauses.reduce((total, pause) => total + pause, 0)).toBeGreaterThanOrEqual(60 * SECOND)
  })

  test('a day ago is forgotten', () => {
    const old: History = { failures: 1, crashes: times(150, { at: 0, uptimeMs: 30 * SECOND }) }
    const ending = { code: 1, signal: null, uptimeMs: SECOND }
    expect(afterExit({ ...ending, at: 86_399_000 }, old, RESTART_POLICY).next.kind).toBe('exit')
    expect(afterExit({ ...ending, at: 86_400_001 }, old, RESTART_POLICY).next.kind).toBe('restart')
  })
})

test('75, a temporary failure, is tried again for ever, and is no crash', () => {
  const { pauses, end } = lives(times(500, { code: 75, uptimeMs: 300 }))
  expect(end).toBeUndefined()
  expect(pauses.slice(0, 6)).toEqual([2, 4, 8, 16, 30, 30].map((seconds) => seconds * SECOND))
})

test('being told to start anew needs no pause, and forgets what was', () => {
  const history: History = { failures: 4, crashes: times(4, { at: 1, uptimeMs: 1 }) }
  const { next, history: after } = afterExit({ code: 100, signal: null, at: 2, uptimeMs: 1 }, history, RESTART_POLICY)
  expect(next).toMatchObject({ kind: 'restart', afterMs: 0 })
  expect(after).toEqual(NO_HISTORY)
})
