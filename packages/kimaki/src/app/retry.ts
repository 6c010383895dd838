/** Trying again with pauses that grow, until it works or the bot stops. */
import { backoffMs, type BackoffLimits } from '../base/backoff.ts'
import type { Clock } from '../base/clock.ts'
import { sleep } from '../base/sleep.ts'

const DEFAULT_PAUSES: BackoffLimits = { firstMs: 500, longestMs: 30_000 }

export class Retry {
  /** Aborts when nothing is to be tried any more. */
  readonly signal: AbortSignal
  readonly #clock: Pick<Clock, 'after'>
  readonly #pauses: BackoffLimits

  constructor(clock: Pick<Clock, 'after'>, signal: AbortSignal, pauses = DEFAULT_PAUSES) {
    this.#clock = clock
    this.signal = signal
    this.#pauses = pauses
  }

  /** Resolves with the first answer that is not `undefined`; `between` attempts it backs off. Rejects once the signal aborts. */
  async until<T>(
    attempt: (failures: number) => Promise<T | undefined>,
    between: (failures: number) => Promise<void> = async (failures) => this.backOff(failures),
  ): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      this.signal.throwIfAborted()
      const answer = await attempt(failures)
      if (answer !== undefined) return answer
      await between(failures + 1)
    }
  }

  /** 0.5, 1, 2 ... up to 30 s. */
  async backOff(failures: number): Promise<void> {
    await this.pause(backoffMs(this.#pauses, failures))
  }

  /** Rejects as soon as the signal aborts. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, this.signal, this.#clock)
  }
}
