/**
 * How long a route has to wait, learned from the headers of its last answer and asked before a request is queued. @discordjs/rest
 * knows it too, but a request that waits there cannot be cancelled: it holds a timer until the limit ends, even when it then rejects.
 * Where this knows less (several requests of one bucket at once), the library's own `RateLimitError` takes over.
 */
import type { REST } from '@discordjs/rest'

export interface RateLimits {
  /** Milliseconds until a request of this route may go; 0 when it may go now. */
  wait(method: string, route: string): number
}

/** The library adds 50 ms to what Discord says; staying above it keeps us out of its own wait. */
const MARGIN_MS = 60
const KEPT = 1000

export function watchRateLimits(rest: REST): RateLimits {
  const until = new Map<string, number>()
  rest.on('response', ({ method, path }, { headers }) => {
    const resetAfter = Number(headers.get('x-ratelimit-reset-after'))
    if (headers.get('x-ratelimit-remaining') !== '0' || !(resetAfter > 0)) return
    if (until.size >= KEPT) for (const [key, time] of until) if (time < performance.now()) until.delete(key)
    until.set(limitKey(method, path), performance.now() + resetAfter * 1000 + MARGIN_MS)
  })
  return {
    wait(method, route) {
      const globally = rest.globalRemaining <= 0 ? rest.globalReset + MARGIN_MS - Date.now() : 0
      return Math.max(0, globally, (until.get(limitKey(method, route)) ?? 0) - performance.now())
    },
  }
}

/** Limits hold for a method and the channel or guild; the ids behind it do not count (Discord docs: Rate Limits). */
export function limitKey(method: string, route: string): string {
  const [path = ''] = route.split('?')
  const [, sort, major, ...rest] = path.split('/')
  return [method, sort, major, ...rest.map((part) => part.replace(/^\d{15,21}$/, ':id'))].join('/')
}
