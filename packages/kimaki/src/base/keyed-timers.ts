/** One timer a key: of two requests for a key the earlier one counts. */
import type { Clock } from './clock.ts'

export class KeyedTimers {
  readonly #clock: Clock
  readonly #timers = new Map<string, { readonly due: number; readonly cancel: () => void }>()
  #stopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(key: string, delayMs: number, callback: () => void): void {
    if (this.#stopped) return
    const due = this.#clock.now() + delayMs
    const pending = this.#timers.get(key)
    if (pending && pending.due <= due) return
    pending?.cancel()
    const fire = (): void => {
      this.#timers.delete(key)
      callback()
    }
    this.#timers.set(key, { due, cancel: this.#clock.after(delayMs, fire) })
  }

  clear(key: string): void {
    this.#timers.get(key)?.cancel()
    this.#timers.delete(key)
  }

  /** Cancels every timer; none is set afterwards. */
  stop(): void {
    this.#stopped = true
    for (const { cancel } of this.#timers.values()) cancel()
    this.#timers.clear()
  }
}
