/**
 * Decides when a server may be started again. After a death or a failed start the next start comes 1 s after the last one at the soonest,
 * then 2 s, up to 30 s: a server that crashes at once is slowed down, one that has served for a while is replaced without a wait. A server
 * that lived for a minute resets this.
 */
import { backoffMs } from '../../base/backoff.ts'
import type { BackoffLimits } from '../../base/backoff.ts'
import { sleep } from '../../base/sleep.ts'

export const RESTART: BackoffLimits = { firstMs: 1_000, longestMs: 30_000 }
const MIN_UPTIME_MS = 60_000

export class RestartLimiter {
  #failures = 0
  #notBefore = 0

  /** A server ended by itself after `uptimeMs`; 0 for one that never came up. */
  failed(uptimeMs: number): void {
    this.#failures = uptimeMs >= MIN_UPTIME_MS ? 1 : this.#failures + 1
    this.#notBefore = performance.now() - uptimeMs + backoffMs(RESTART, this.#failures)
  }

  async wait(signal: AbortSignal): Promise<void> {
    const ms = this.#notBefore - performance.now()
    if (ms > 0) await sleep(ms, signal)
  }
}
