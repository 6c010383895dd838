/** How often a bot may IDENTIFY (docs: Gateway > Session Start Limit Object, Rate Limiting). RESUME is not counted. */
import type { Snowflake } from '../../api.ts'
import type { RateLimitRules } from '../../rules/rate-limits.ts'

export interface StartLimit {
  /** As `GET /gateway/bot` shows it. */
  show(botId: Snowflake): {
    readonly total: number
    readonly remaining: number
    readonly reset_after: number
    readonly max_concurrency: number
  }
  /** Counts an IDENTIFY that is let in. `too-soon`: more than `max_concurrency` in five seconds. `exhausted`: none left today. */
  take(botId: Snowflake): 'admitted' | 'too-soon' | 'exhausted'
}

export function createStartLimit(
  { sessionStarts, identify }: Pick<RateLimitRules, 'sessionStarts' | 'identify'>,
  enforced: boolean,
  now: () => number,
): StartLimit {
  const starts = new Map<Snowflake, readonly number[]>()
  const within = (botId: Snowflake, windowMs: number) => (starts.get(botId) ?? []).filter((at) => now() - at < windowMs)
  return {
    show(botId) {
      const used = within(botId, sessionStarts.windowMs)
      return {
        total: sessionStarts.limit,
        remaining: Math.max(0, sessionStarts.limit - used.length),
        reset_after: Math.ceil(used[0] === undefined ? 0 : used[0] + sessionStarts.windowMs - now()),
        max_concurrency: identify.limit,
      }
    },
    take(botId) {
      const used = within(botId, sessionStarts.windowMs)
      if (enforced && used.length >= sessionStarts.limit) return 'exhausted'
      if (enforced && within(botId, identify.windowMs).length >= identify.limit) return 'too-soon'
      starts.set(botId, [...used, now()])
      return 'admitted'
    },
  }
}
