/**
 * What keeps one client from starving the others, or from having Discord ban the bot: requests a second, a budget of answers that Discord
 * counts as invalid (401, 403, 429: 10,000 in 10 minutes and the address is banned; docs: Rate Limits > Invalid Request Limit), and the
 * limits that Discord has told, which are not asked again before they are over.
 */
import { Windows } from '../base/windows.ts'

export interface RestLimits {
  /** Requests of one client a second. */
  readonly perSecond: number
  /** Invalid answers of one client in 10 minutes. */
  readonly invalid: number
}

const TEN_MINUTES = 600_000
/** Of all clients together: half of what Discord bans for. */
const ALL_INVALID = 5000
const ALL = 'all'
const GLOBAL = 'global'

export class Limits {
  readonly #requests: Windows
  readonly #invalid: Windows
  readonly #allInvalid: Windows
  readonly #told = new Map<string, number>()
  readonly #now: () => number

  constructor({ perSecond, invalid }: RestLimits, now: () => number) {
    this.#now = now
    this.#requests = new Windows({ times: perSecond, ms: 1000 }, now)
    this.#invalid = new Windows({ times: invalid, ms: TEN_MINUTES }, now)
    this.#allInvalid = new Windows({ times: ALL_INVALID, ms: TEN_MINUTES }, now)
  }

  /** Milliseconds to wait; 0: go on, and it is counted. */
  take(clientId: string, bucket: string): number {
    const told = Math.max(this.#toldWait(bucket), this.#toldWait(GLOBAL))
    const wait = Math.max(told, this.#invalid.wait(clientId), this.#allInvalid.wait(ALL))
    return wait > 0 ? wait : this.#requests.take(clientId)
  }

  /** What Discord answered. */
  answered(clientId: string, bucket: string, { status, headers }: { readonly status: number; readonly headers: Headers }): void {
    if (status !== 401 && status !== 403 && status !== 429) return
    // A limit that is shared with others is not held against the bot (docs: Rate Limits).
    if (headers.get('x-ratelimit-scope') !== 'shared') {
      this.#invalid.count(clientId)
      this.#allInvalid.count(ALL)
    }
    if (status !== 429) return
    const seconds = Number(headers.get('retry-after'))
    if (!(seconds > 0)) return
    if (this.#told.size > 10_000) this.#told.clear()
    this.#told.set(headers.get('x-ratelimit-global') === 'true' ? GLOBAL : bucket, this.#now() + seconds * 1000)
  }

  #toldWait(bucket: string): number {
    return Math.max(0, (this.#told.get(bucket) ?? 0) - this.#now())
  }
}
