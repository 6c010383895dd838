/** Requests that Discord has refused count for ten minutes. */
import { expect, test } from 'vitest'
import { watchRefused } from '../../src/discord/rest/refused.ts'

test('401, 403 and 429 count, but not a limit that others have used up, and not for longer', () => {
  let now = 5 * 60_000
  let told: (request: unknown, response: { readonly status: number; readonly headers: Headers }) => void = () => undefined
  const left = watchRefused({ on: (_name: string, listener: typeof told) => void (told = listener) } as never, () => now)
  const answer = (status: number, headers = {}) => told({}, { status, headers: new Headers(headers) })
  expect(left()).toEqual({ left: 10_000, most: 10_000 })
  for (const status of [200, 401, 403, 404, 429, 500]) answer(status)
  answer(429, { 'x-ratelimit-scope': 'shared' })
  expect(left().left).toBe(9997)
  now += 9 * 60_000
  answer(403)
  expect(left().left).toBe(9996)
  now += 60_000
  expect(left().left).toBe(9999)
})
