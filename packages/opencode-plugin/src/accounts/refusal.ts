/** What a provider's refusal says about the account it was asked with: nothing, used up for a while, or of no use until a person acts. Pure. */
import type { CoolDown } from './stored.ts'

export interface Refusal {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LIMIT_MS = 5 * MINUTE
const MONEY_MS = 6 * HOUR
const SHORTEST_MS = 1000
const LONGEST_MS = 31 * 24 * HOUR

/** Answers with other statuses need not be read. */
export const mayRefuse = (status: number): boolean => [400, 401, 402, 403, 429].includes(status)

/** Undefined: it says nothing about the account. `now`: Unix ms. */
export function judge({ status, headers, body }: Refusal, now: number): CoolDown | undefined {
  if (status === 401) return { until: null, why: 'the provider does not take its key' }
  if (/\binvalid_grant\b/.test(body)) return { until: null, why: 'its log-in has ended' }
  const isMoney = status === 402 || OUT_OF_MONEY.test(body)
  if (isMoney) return { until: now + within(resetIn(headers, now) ?? MONEY_MS), why: 'its credit is used up' }
  if (status !== 429 && !(status === 403 && /usage.?limit/i.test(body))) return undefined
  return { until: now + within(resetIn(headers, now) ?? LIMIT_MS), why: 'its limit is reached' }
}

const OUT_OF_MONEY =
  /insufficient[_ ](?:quota|credits?|funds|balance)|credit balance is too low|spending[_ -]?limit|billing[_ ]hard[_ ]limit/i

const within = (ms: number): number => Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS)

/** Ms from `now`; undefined: the headers do not say. */
export function resetIn(headers: Headers, now: number): number | undefined {
  const inMs = numberIn(headers.get('retry-after-ms'))
  if (inMs !== undefined) return inMs
  const after = headers.get('retry-after')
  if (after !== null) {
    const wait = numberIn(after)
    if (wait !== undefined) return wait * 1000
    const at = Date.parse(after)
    if (!Number.isNaN(at)) return Math.max(at - now, 0)
  }
  const resets = [...headers].flatMap(([name, value]) => (RESET.test(name) ? [{ name, in: untilReset(value, now) }] : []))
  const known = resets.flatMap((reset) => (reset.in === undefined ? [] : [{ ...reset, in: reset.in }]))
  // Only what is at zero holds up the next request.
  const spent = known.filter(({ name }) => numberIn(headers.get(name.replace('reset', 'remaining'))) === 0)
  const counted = (spent.length > 0 ? spent : known).map((reset) => reset.in)
  return counted.length === 0 ? undefined : Math.max(...counted)
}

/** `x-ratelimit-reset`, `x-ratelimit-reset-tokens`, `ratelimit-reset`, `anthropic-ratelimit-requests-reset`. */
const RESET = /^(?:x-|anthropic-)?ratelimit-(?:[\w-]{1,40}-)?reset(?:-[\w-]{1,40})?$/

/** A number of seconds, Unix time in s or ms, a duration (`6m0s`, `120ms`), or a date. */
function untilReset(value: string, now: number): number | undefined {
  const number = numberIn(value)
  if (number !== undefined) {
    if (number > 1e11) return Math.max(number - now, 0)
    return number > 1e9 ? Math.max(number * 1000 - now, 0) : number * 1000
  }
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(value)) {
    const pieces = value.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)
    return [...pieces].reduce((sum, [, count, unit = 's']) => sum + Number(count) * (UNITS[unit] ?? 0), 0)
  }
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0)
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: MINUTE, h: HOUR, d: 24 * HOUR }

const numberIn = (text: string | null): number | undefined =>
  text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined
