/**
 * How many requests Discord may still refuse: at 10,000 refusals (401, 403, 429) within 10 minutes it locks the address out (Discord docs:
 * Rate Limits > Invalid Request Limit). Counted by the minute.
 */
import type { REST } from '@discordjs/rest'
import type { Budget } from '../../domain/conversation/inquiry/status-report.ts'

const MINUTE = 60_000
const MINUTES = 10
const MOST = 10_000
const REFUSALS: readonly number[] = [401, 403, 429]

export function watchRefused(rest: Pick<REST, 'on'>, now = (): number => performance.now()): () => Budget {
  const counts = new Map<number, number>()
  const forget = (): void => {
    const oldest = minuteOf(now()) - MINUTES
    for (const minute of counts.keys()) if (minute <= oldest) counts.delete(minute)
  }
  rest.on('response', (_request, { status, headers }) => {
    // One that others have used up does not count.
    if (!REFUSALS.includes(status) || headers.get('x-ratelimit-scope') === 'shared') return
    forget()
    const minute = minuteOf(now())
    counts.set(minute, (counts.get(minute) ?? 0) + 1)
  })
  return () => {
    forget()
    const refused = counts.values().reduce((sum, count) => sum + count, 0)
    return { left: Math.max(0, MOST - refused), most: MOST }
  }
}

const minuteOf = (ms: number): number => Math.floor(ms / MINUTE)
