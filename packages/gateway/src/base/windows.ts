/** So many in a window of time, for each key: requests of a client, registrations of an address. */
export interface Allowance {
  readonly times: number
  readonly ms: number
}

export class Windows {
  readonly #allowance: Allowance
  readonly #now: () => number
  readonly #windows = new Map<string, { readonly since: number; count: number }>()

  constructor(allowance: Allowance, now: () => number) {
    this.#allowance = allowance
    this.#now = now
  }

  /** 0: one more is allowed, and counted. Else the milliseconds until it is. */
  take(key: string): number {
    const wait = this.wait(key)
    if (wait === 0) this.count(key)
    return wait
  }

  /** Milliseconds until one more is allowed. */
  wait(key: string): number {
    const { times, ms } = this.#allowance
    const window = this.#windows.get(key)
    if (window === undefined || window.count < times) return 0
    return Math.max(0, window.since + ms - this.#now())
  }

  count(key: string): void {
    const now = this.#now()
    const window = this.#windows.get(key)
    if (window !== undefined && window.since + this.#allowance.ms > now) {
      window.count += 1
      return
    }
    if (this.#windows.size > 10_000) this.#forgetOld(now)
    this.#windows.set(key, { since: now, count: 1 })
  }

  #forgetOld(now: number): void {
    for (const [key, { since }] of this.#windows) if (since + this.#allowance.ms <= now) this.#windows.delete(key)
  }
}
