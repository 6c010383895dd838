/** The library's own idea of rate limits, when somebody sets the clock back. */
import { RateLimitError, REST, type ResponseLike } from '@discordjs/rest'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { forgetLimitsOnClockJump } from '../../src/discord/rest/clock-jump.ts'

const HOUR = 3_600_000
const trueNow = Date.now.bind(Date)
let offset: number
let left: number
let rest: REST

beforeEach(async () => {
  offset = 0
  left = 3
  vi.spyOn(Date, 'now').mockImplementation(() => trueNow() + offset)
  rest = new REST({ makeRequest: async () => answer((left -= 1)), rejectOnRateLimit: () => true }).setToken('token')
  for (let call = 0; call < 3; call += 1) await rest.get('/channels/1')
  expect(left).toBe(0)
})
afterEach(() => {
  vi.restoreAllMocks()
  rest.clearHandlerSweeper()
  rest.clearHashSweeper()
})

/** The limit ends before the next call is made. */
const answer = (remaining: number): ResponseLike =>
  Response.json(
    {},
    {
      headers: {
        'x-ratelimit-bucket': 'b',
        'x-ratelimit-limit': '3',
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-reset-after': '0.001',
      },
    },
  ) as unknown as ResponseLike

test('what it knew is forgotten, and the next call goes out', async () => {
  const forget = forgetLimitsOnClockJump(rest)
  offset = -HOUR
  forget()
  await rest.get('/channels/1')
  expect(left).toBe(-1)
})

test('red control: else the next call waits for as long as the clock was set back', async () => {
  offset = -HOUR
  const refused = await rest.get('/channels/1').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(RateLimitError)
  expect((refused as RateLimitError).retryAfter).toBeGreaterThan(HOUR - 60_000)
})

test('a clock that nobody sets loses nothing of it', async () => {
  const forget = forgetLimitsOnClockJump(rest)
  const known = rest.handlers.size
  forget()
  expect(rest.handlers.size).toBe(known)
  expect(known).toBeGreaterThan(0)
})
