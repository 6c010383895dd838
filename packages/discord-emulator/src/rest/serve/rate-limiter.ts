/**
 * Rate limits as Discord enforces them (docs: Rate Limits). Three gates, asked in this order: too many invalid requests, the global
 * quota of the bot, the bucket of the route with its major parameter. Renames have one more quota of their own, which shows only in
 * its 429. With enforcement off every bucket looks full.
 */
import { createHash } from 'node:crypto'
import type { Quota, RateLimitRules } from '../../rules/rate-limits.ts'

interface Admitted {
  readonly kind: 'admitted'
  readonly headers: Readonly<Record<string, string>>
}

export interface RateLimited {
  readonly kind: 'refused'
  readonly retryAfterSeconds: number
  readonly scope: 'user' | 'global'
  readonly headers: Readonly<Record<string, string>>
}

interface LimiterRequest {
  readonly botId: string
  /** Method and template, e.g. `POST /channels/:channel/messages`. */
  readonly route: string
  /** The channel, guild or application in the path. */
  readonly major: string
  readonly renames: boolean
}

export interface RateLimiter {
  /** Headers for the answer, or the refusal. */
  admit(request: LimiterRequest): Admitted | RateLimited
  /** Counts an answer of 401, 403 or 429. */
  countInvalid(): void
}

export function createRateLimiter(rules: RateLimitRules, enforced: boolean, now: () => number): RateLimiter {
  const windows = createWindows(now)
  return {
    countInvalid: () => void windows.take('invalid', rules.invalid),
    admit({ botId, route, major, renames }) {
      const rule = rules.routes[route] ?? { bucket: route, ...rules.other }
      const named = bucketName(rule.bucket)
      const key = `${botId}/${rule.bucket}/${major}`
      if (!enforced)
        return {
          kind: 'admitted',
          headers: bucketHeaders({ ...rule, named, remaining: rule.limit - 1, resetAt: now() + rule.windowMs }, now()),
        }

      const banned = windows.look('invalid', rules.invalid)
      if (banned.remaining === 0) return refused('global', banned.resetAt, {}, now())
      const global = windows.take(`${botId}/global`, rules.global)
      if (!global.admitted) return refused('global', global.resetAt, { 'X-RateLimit-Global': 'true' }, now())
      const bucket = windows.take(key, rule)
      const headers = bucketHeaders({ ...rule, named, ...bucket }, now())
      if (!bucket.admitted) return refused('user', bucket.resetAt, headers, now())
      const rename = renames ? windows.take(`${botId}/rename/${major}`, rules.rename) : undefined
      if (rename?.admitted === false) return refused('user', rename.resetAt, headers, now())
      return { kind: 'admitted', headers }
    },
  }
}

interface WindowState {
  readonly admitted: boolean
  readonly remaining: number
  readonly resetAt: number
}

/** Fixed windows that begin with their first request. */
function createWindows(now: () => number) {
  const windows = new Map<string, { used: number; resetAt: number }>()
  const current = (key: string, quota: Quota) => {
    const window = windows.get(key)
    return window !== undefined && window.resetAt > now() ? window : { used: 0, resetAt: now() + quota.windowMs }
  }
  return {
    look(key: string, quota: Quota): WindowState {
      const { used, resetAt } = current(key, quota)
      return { admitted: used < quota.limit, remaining: Math.max(0, quota.limit - used), resetAt }
    },
    take(key: string, quota: Quota): WindowState {
      const window = current(key, quota)
      const admitted = window.used < quota.limit
      const used = admitted ? window.used + 1 : window.used
      windows.set(key, { ...window, used })
      return { admitted, remaining: quota.limit - used, resetAt: window.resetAt }
    },
  }
}

function refused(
  scope: RateLimited['scope'],
  resetAt: number,
  headers: Readonly<Record<string, string>>,
  now: number,
): RateLimited {
  const retryAfterSeconds = Math.max(0.001, Math.ceil(resetAt - now) / 1000)
  return {
    kind: 'refused',
    retryAfterSeconds,
    scope,
    headers: { ...headers, 'Retry-After': String(Math.ceil(retryAfterSeconds)), 'X-RateLimit-Scope': scope },
  }
}

interface Bucket extends Quota {
  readonly named: string
  readonly remaining: number
  readonly resetAt: number
}

function bucketHeaders({ named, limit, remaining, resetAt }: Bucket, now: number): Readonly<Record<string, string>> {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': (resetAt / 1000).toFixed(3),
    'X-RateLimit-Reset-After': Math.max(0, (resetAt - now) / 1000).toFixed(3),
    'X-RateLimit-Bucket': named,
  }
}

const names = new Map<string, string>()

/** Opaque to clients, the same for every major parameter. */
function bucketName(bucket: string): string {
  const known = names.get(bucket) ?? createHash('md5').update(bucket).digest('hex')
  names.set(bucket, known)
  return known
}
