/**
 * Every REST call goes through here: one attempt (our callers look back or repeat, each by its own rule), failures as values, rate limits
 * waited for or not, and everything ends with `stop`. The library repeats nothing: it would do so 2 ms later, POSTs included.
 */
import { RateLimitError, REST, RequestMethod, type RawFile } from '@discordjs/rest'
import type { Log } from '../../ports/host.ts'
import { forgetLimitsWhenClockIsSet } from './clock-jump.ts'
import { failedCall, limited, stopped, unknown, type FailedCall } from './failure.ts'
import { watchRateLimits } from './rate-limit.ts'
import { createTransport } from './transport.ts'
import { sleep } from './sleep.ts'

export interface RestRequest {
  readonly method: keyof typeof METHODS
  readonly route: `/${string}`
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly files?: readonly RawFile[]
}

export type RestResult<T> = { readonly ok: true; readonly value: T } | FailedCall

export interface Rest {
  /** One attempt at something that answers JSON; rate limits are waited for. */
  call<T>(request: RestRequest): Promise<RestResult<T>>
  /** GET, up to three attempts while the outcome is unknown. */
  read<T>(route: `/${string}`, query?: Readonly<Record<string, string>>): Promise<RestResult<T>>
  /** One attempt that never waits for a rate limit. */
  light(request: RestRequest): Promise<RestResult<unknown>>
  /** Aborted once the adapter stops. */
  readonly stopping: AbortSignal
  /** Aborts what is under way and closes the sockets; later calls answer `stopped`. */
  stop(): void
}

export interface RestOptions {
  readonly token: string
  readonly apiUrl: string
  readonly log: Log
  /** Discord refused the token (401) on some call. */
  readonly onUnauthorized: () => void
  /** For one exchange, body included, ms. */
  readonly timeout?: number
  /** How limits are waited for. */
  readonly pause?: typeof sleep
}

const METHODS = { GET: RequestMethod.Get, POST: RequestMethod.Post, PUT: RequestMethod.Put, PATCH: RequestMethod.Patch } as const
const TIMEOUT_MS = 10_000
const NOT_DISCORD = unknown('an answer that is not of Discord', undefined)
const READ_PAUSES_MS = [250, 1000]

export function createRest({ token, apiUrl, log, onUnauthorized, timeout = TIMEOUT_MS, pause = sleep }: RestOptions): Rest {
  const transport = createTransport()
  const rest = new TokenKeepingRest({
    api: apiUrl,
    timeout,
    retries: 0,
    rejectOnRateLimit: () => true,
    makeRequest: transport.exchange,
  }).setToken(token)
  const limits = watchRateLimits(rest)
  const forget = forgetLimitsWhenClockIsSet(rest)
  const stop = new AbortController()
  const underWay = new Set<AbortController>()

  async function attempt<T>(request: RestRequest): Promise<RestResult<T> | RateLimitError> {
    // A signal of its own for each: the library never removes the listener it adds.
    const abort = new AbortController()
    underWay.add(abort)
    forget()
    try {
      const { method, route, query, body, files } = request
      const value = await rest.request({
        method: METHODS[method],
        fullRoute: route,
        ...(query ? { query: new URLSearchParams(query) } : {}),
        ...(body === undefined ? {} : { body }),
        ...(files ? { files: [...files] } : {}),
        signal: abort.signal,
      })
      return { ok: true, value: value as T }
    } catch (error) {
      if (stop.signal.aborted) return stopped
      if (error instanceof RateLimitError) return error
      const failed = failedCall(error)
      if (failed.status === 401) onUnauthorized()
      log.debug('discord call failed', { method: request.method, route: request.route, status: failed.status, ...failed.failure })
      return failed
    } finally {
      underWay.delete(abort)
    }
  }

  async function call<T>(request: RestRequest): Promise<RestResult<T>> {
    let wait = limits.wait(request.method, request.route)
    for (;;) {
      if (wait > 0) await pause(wait, stop.signal)
      if (stop.signal.aborted) return stopped
      const result = await attempt<T>(request)
      // Bytes instead of JSON: a page that something in between made up.
      if (!(result instanceof RateLimitError)) return result.ok && result.value instanceof ArrayBuffer ? NOT_DISCORD : result
      wait = Math.max(50, result.retryAfter)
      if (wait > 2000) log.info('waiting for a rate limit', { route: request.route, ms: wait })
    }
  }

  return {
    call,
    async read<T>(route: `/${string}`, query: Readonly<Record<string, string>> = {}) {
      let result = await call<T>({ method: 'GET', route, query })
      for (const ms of READ_PAUSES_MS) {
        if (result.ok || result.failure.kind !== 'unknown' || result.status === 401) return result
        await sleep(ms, stop.signal)
        result = await call<T>({ method: 'GET', route, query })
      }
      return result
    },
    async light(request) {
      if (stop.signal.aborted) return stopped
      const wait = limits.wait(request.method, request.route)
      if (wait > 0) return limited(wait)
      const result = await attempt(request)
      return result instanceof RateLimitError ? limited(result.retryAfter) : result
    },
    stopping: stop.signal,
    stop() {
      stop.abort()
      for (const abort of underWay) abort.abort()
      rest.clearHashSweeper()
      rest.clearHandlerSweeper()
      transport.close()
    },
  }
}

/** The library forgets its token at the first 401, even one that a proxy made up; every later call would then fail. */
class TokenKeepingRest extends REST {
  override setToken(token: string | null): this {
    return token === null ? this : super.setToken(token)
  }
}
