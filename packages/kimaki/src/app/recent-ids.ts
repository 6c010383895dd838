/**
 * Remembers ids for a few seconds, e.g. of messages just accepted. Timers forget them, not a comparison of times: a wall clock that is set
 * back would make an old message young, and keep a right alive that was taken away.
 */
import type { Clock } from '../base/clock.ts'
import { KeyedTimers } from '../base/keyed-timers.ts'

export class RecentIds {
  readonly #ttlMs: number
  readonly #timers: KeyedTimers
  readonly #ids = new Set<string>()
  #isStopped = false

  constructor(clock: Clock, ttlMs: number) {
    this.#timers = new KeyedTimers(clock)
    this.#ttlMs = ttlMs
  }

  /** An id that is added again stays for the whole time once more. */
  add(id: string): void {
    if (this.#isStopped) return
    this.#ids.add(id)
    this.#timers.clear(id)
    this.#timers.set(id, this.#ttlMs, () => void this.#ids.delete(id))
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** Forgets every id, and keeps none that is added afterwards. */
  stop(): void {
    this.#isStopped = true
    this.#timers.stop()
    this.#ids.clear()
  }
}
