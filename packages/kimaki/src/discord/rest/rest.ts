/**
 * Makes every REST call to Discord. The class owns the library's client, the sockets below it and the one signal that ends them.
 *
 * R1. One attempt a call: callers look back or repeat, each by its own rule. The library repeats nothing: it would do so 2 ms later, POSTs
 *     included. Only `read`, which changes nothing, tries up to three times.
 * R2. What Discord or the network does is a value. After `stop` every call, waiting or new, rejects with an `AbortError`.
 * R3. `call`, `send` and `read` wait for rate limits, `light` never does.
 * R4. What Discord answers is read: an answer without what is needed of it is a failed call of unknown outcome.
 * R5. What waits for a rate limit waits in a queue: calls of one route and channel go out in the order they came, each when the one before
 *     it has its answer. The library sends them one by one as well, but puts one that was refused behind all others.
 * R6. After `stop` no timer and no socket is left.
 * R7. Nothing that is known to be secret is sent: not in a body, and not in a file or its name.
 */
import { RateLimitError, REST, RequestMethod, type RawFile } from '@discordjs/rest'
import { ChatUnknown, Unreadable } from '../../base/errors.ts'
import { KeyedSerialQueue } from '../../base/serial.ts'
import type { Secrets } from '../../base/redact.ts'
import { sleep } from '../../base/sleep.ts'
import type { Budget, Budgets } from '../../domain/conversation/inquiry/status-report.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { Reader } from '../wire/shape.ts'
import { forgetLimitsOnClockJump } from './clock-jump.ts'
import { ChatUnreadable, failureFacts, RateLimited, statusOf, toChatError } from './failure.ts'
import { limitKey, watchRateLimits, type RateLimits } from './rate-limit.ts'
import { watchRefused } from './refused.ts'
import { createTransport, type Transport } from './transport.ts'

export interface RestRequest {
  readonly method: keyof typeof METHODS
  readonly route: `/${string}`
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly files?: readonly RawFile[]
}

export interface RestOptions {
  readonly token: string
  /** REST base that ends in `/api`. */
  readonly apiUrl: string
  readonly log: Log
  readonly secrets: Secrets
  /** For one exchange, body included, ms. */
  readonly timeout?: number
  /** How limits are waited for. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** `json`: parsed, and not looked at yet; bytes where it was none. */
interface Answer {
  readonly json: unknown
}

const METHODS = {
  GET: RequestMethod.Get,
  POST: RequestMethod.Post,
  PUT: RequestMethod.Put,
  PATCH: RequestMethod.Patch,
  DELETE: RequestMethod.Delete,
} as const
const TIMEOUT_MS = 10_000
const READ_PAUSES_MS = [250, 1000]

export class Rest {
  readonly #library: REST
  readonly #transport: Transport = createTransport()
  readonly #limits: RateLimits
  readonly #refusals: () => Budget
  readonly #lanes = new KeyedSerialQueue()
  readonly #forgetLimits: () => void
  readonly #log: Log
  readonly #secrets: Secrets
  readonly #pause: NonNullable<RestOptions['pause']>
  readonly #stop = new AbortController()
  readonly #underWay = new Set<AbortController>()
  #onUnauthorized: () => void = () => undefined

  constructor({ token, apiUrl, log, secrets, timeout = TIMEOUT_MS, pause = sleep }: RestOptions) {
    this.#library = new TokenKeepingRest({
      api: apiUrl,
      timeout,
      retries: 0,
      rejectOnRateLimit: () => true,
      makeRequest: this.#transport.exchange,
    }).setToken(token)
    this.#limits = watchRateLimits(this.#library)
    this.#refusals = watchRefused(this.#library)
    this.#forgetLimits = forgetLimitsOnClockJump(this.#library)
    this.#log = log
    this.#secrets = secrets
    this.#pause = pause
  }

  /** Aborted once the adapter stops. */
  get stopping(): AbortSignal {
    return this.#stop.signal
  }

  /** What Discord allows now. */
  budgets(): Pick<Budgets, 'requests' | 'refusals'> {
    const { globalRemaining, globalReset, options } = this.#library
    const most = options.globalRequestsPerSecond
    return { requests: { left: globalReset < Date.now() ? most : globalRemaining, most }, refusals: this.#refusals() }
  }

  /** As it is sent. */
  clean(text: string): string {
    return this.#secrets.clean(text)
  }

  /** Calls back whenever Discord, or something in between, refused the token (401). */
  onUnauthorized(listener: () => void): void {
    this.#onUnauthorized = listener
  }

  /** One attempt at something that Discord answers with JSON. */
  async call<T>(request: RestRequest, reader: Reader<T>): Promise<T | ChatError> {
    const answer = await this.#afterLimits(request)
    if (answer instanceof Error) return answer
    if (answer.json instanceof ArrayBuffer) return notDiscord()
    const known = reader(answer.json)
    return known instanceof Unreadable ? this.#unreadable(request, known) : known
  }

  /** One attempt at something that Discord answers with nothing (204). */
  async send(request: RestRequest): Promise<undefined | ChatError> {
    const answer = await this.#afterLimits(request)
    if (answer instanceof Error) return answer
    return answer.json instanceof ArrayBuffer && answer.json.byteLength > 0 ? notDiscord() : undefined
  }

  /** GET, up to three attempts while there is no answer. */
  async read<T>(route: `/${string}`, reader: Reader<T>, query: Readonly<Record<string, string>> = {}): Promise<T | ChatError> {
    let result = await this.call({ method: 'GET', route, query }, reader)
    for (const ms of READ_PAUSES_MS) {
      if (!(result instanceof ChatUnknown) || result instanceof ChatUnreadable || statusOf(result) === 401) return result
      await sleep(ms, this.stopping)
      result = await this.call({ method: 'GET', route, query }, reader)
    }
    return result
  }

  /** One attempt that never waits for a rate limit. */
  async light(request: RestRequest): Promise<undefined | ChatError> {
    this.stopping.throwIfAborted()
    const wait = this.#limits.wait(request.method, request.route)
    if (wait > 0) return new RateLimited(wait)
    const result = await this.#attempt(request)
    return result instanceof Error ? result : undefined
  }

  /** Aborts what is under way and closes the sockets. */
  stop(): void {
    this.#stop.abort()
    for (const abort of this.#underWay) abort.abort()
    this.#library.clearHashSweeper()
    this.#library.clearHandlerSweeper()
    this.#transport.close()
  }

  #afterLimits(request: RestRequest): Promise<Answer | ChatError> {
    return this.#lanes.run(limitKey(request.method, request.route), () => this.#untilAnswered(request))
  }

  async #untilAnswered(request: RestRequest): Promise<Answer | ChatError> {
    const { method, route } = request
    let wait = this.#limits.wait(method, route)
    for (;;) {
      if (wait > 0) await this.#pause(wait, this.stopping)
      this.stopping.throwIfAborted()
      const result = await this.#attempt(request)
      if (!(result instanceof RateLimited)) return result
      wait = Math.max(50, result.retryAfterMs)
      if (wait > 2000) this.#log.info('waiting for a rate limit', { route: withoutToken(route), ms: wait })
    }
  }

  async #attempt(request: RestRequest): Promise<Answer | ChatError> {
    const { method, route, query, body, files } = request
    const clean = (text: string): string => this.clean(text)
    // A signal of its own for each: the library never removes the listener it adds.
    const abort = new AbortController()
    this.#underWay.add(abort)
    this.#forgetLimits()
    try {
      const json = await this.#library.request({
        method: METHODS[method],
        fullRoute: route,
        ...(query ? { query: new URLSearchParams(query) } : {}),
        ...(body === undefined ? {} : { body: withStrings(body, clean) }),
        ...(files ? { files: withStrings(files, clean) as RawFile[] } : {}),
        signal: abort.signal,
      })
      return { json }
    } catch (error) {
      this.stopping.throwIfAborted()
      if (error instanceof RateLimitError) return new RateLimited(error.retryAfter)
      const failed = toChatError(error)
      const status = statusOf(failed)
      if (status === 401 && failed instanceof ChatUnknown) this.#onUnauthorized()
      this.#log.debug('discord call failed', { method, route: withoutToken(route), status, ...failureFacts(failed) })
      return failed
    } finally {
      this.#underWay.delete(abort)
    }
  }

  #unreadable({ method, route }: RestRequest, { message }: Unreadable): ChatUnreadable {
    const reason = `Discord's answer cannot be read: ${message}`
    this.#log.warn('an answer of Discord cannot be read', { method, route: withoutToken(route), reason: message })
    return new ChatUnreadable({ reason })
  }
}

/** Bytes instead of JSON: a page that something in between made up. */
const notDiscord = (): ChatUnknown => new ChatUnknown({ reason: 'an answer that is not of Discord' })

/** The same value with other strings; bytes stay. */
function withStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => withStrings(one, change))
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withStrings(one, change)]))
}

/** The token of an interaction is an authority of its own: it stands in no line of the log. */
const withoutToken = (route: string): string => route.replace(/^(\/(?:interactions|webhooks)\/\d+\/)[^/]+/, '$1…')

/** The library forgets its token at the first 401, even one that a proxy made up; every later call would then fail. */
class TokenKeepingRest extends REST {
  override setToken(token: string | null): this {
    return token === null ? this : super.setToken(token)
  }
}
