/** Sessions that are proposed while somebody types: read once, shown at once, and read anew behind what is shown. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SessionSearch } from '../../src/opencode/session/history/proposed.ts'
import { AgentUnavailable } from '../../src/base/errors.ts'
import type { Answer, Http } from '../../src/opencode/wire/http.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function openCode() {
  const asked: PromiseWithResolvers<Answer | AgentUnavailable>[] = []
  async function call() {
    const answer = Promise.withResolvers<Answer | AgentUnavailable>()
    asked.push(answer)
    return answer.promise
  }
  const search = new SessionSearch({ call } as unknown as Http)
  const say = async (...titles: readonly string[]): Promise<void> => {
    asked.at(-1)?.resolve({ json: titles.map((title) => ({ id: `ses_${title}`, title })), next: undefined })
    await vi.advanceTimersByTimeAsync(0)
  }
  const typed = async (): Promise<readonly string[] | Error> => {
    const found = await search.find('/p', { search: '', limit: 25 })
    return found instanceof Error ? found : found.map(({ title }) => title)
  }
  return { asked, say, typed }
}

test('the list is read once for 3 seconds, then anew while the old one is shown', async () => {
  const { asked, say, typed } = openCode()
  const first = typed()
  await say('roof')
  expect([await first, await typed(), asked.length]).toEqual([['roof'], ['roof'], 1])
  await vi.advanceTimersByTimeAsync(3_000)
  expect([await typed(), await typed(), asked.length]).toEqual([['roof'], ['roof'], 2])
  await say('garden', 'roof')
  expect([await typed(), asked.length]).toEqual([['garden', 'roof'], 2])
})

test('an old list is not shown, and one that cannot be read anew stays as long', async () => {
  const { asked, say, typed } = openCode()
  const first = typed()
  await say('roof')
  await first
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await typed()).toEqual(['roof'])
  asked.at(-1)?.resolve(new AgentUnavailable({ reason: 'no answer' }))
  await vi.advanceTimersByTimeAsync(0)
  expect(await typed()).toEqual(['roof'])
  await vi.advanceTimersByTimeAsync(30_000)
  const late = typed()
  await say('garden')
  expect([await late, asked.length]).toEqual([['garden'], 4])
})

test('a first list that cannot be read is asked for again by the next key', async () => {
  const { asked, say, typed } = openCode()
  const first = typed()
  asked.at(-1)?.resolve(new AgentUnavailable({ reason: 'no answer' }))
  expect(await first).toBeInstanceOf(AgentUnavailable)
  const second = typed()
  await say('roof')
  expect(await second).toEqual(['roof'])
})
