/** How long a fact is waited for that Discord does not tell: everything behind it waits too. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChatUnknown } from '../../src/base/errors.ts'
import { createCache } from '../../src/discord/inbound/cache.ts'
import { Locator } from '../../src/discord/inbound/locate.ts'
import type { Members } from '../../src/discord/inbound/members.ts'
import { logInto } from '../app/support/harness.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const unknown = new ChatUnknown({ reason: 'no answer' })

/** `answers`: does Discord answer anything else? */
function locating(answers: () => boolean) {
  const lines: string[] = []
  const questions = { guild: 0, answers: 0 }
  const locator = new Locator({
    cache: createCache(),
    facts: {
      guild: async () => ((questions.guild += 1), unknown),
      channel: async () => unknown,
      answers: async () => ((questions.answers += 1), answers()),
    },
    members: {} as Members,
    log: logInto(lines),
    stopping: new AbortController().signal,
    isProjectChannel: () => true,
  })
  let end: 'waits' | 'given up' = 'waits'
  void locator.fetch('1', '2').then(() => (end = 'given up'))
  return { lines, questions, end: () => end }
}

test('a message is not passed over however long Discord is out of reach', async () => {
  const { questions, end, lines } = locating(() => false)
  await vi.advanceTimersByTimeAsync(1_500_000)
  expect([end(), lines.some((line) => line.includes('passed over'))]).toEqual(['waits', false])
  expect(questions.guild).toBeGreaterThan(1400)
  expect(questions.answers, 'asked once in ten minutes').toBeLessThan(3)
})

test('a question that Discord never answers, while it answers others, holds up everything for ten minutes', async () => {
  const { end, lines } = locating(() => true)
  await vi.advanceTimersByTimeAsync(590_000)
  expect(end()).toBe('waits')
  await vi.advanceTimersByTimeAsync(20_000)
  expect([end(), lines.some((line) => line.includes('passed over'))]).toEqual(['given up', true])
})
