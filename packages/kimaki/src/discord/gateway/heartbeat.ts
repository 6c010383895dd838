/**
 * Heartbeats of one gateway connection (Discord docs: Gateway > Sending Heartbeats): the first after a random part of the interval, so
 * that many bots do not beat in one moment, then one each interval. When the next one is due and nothing has acknowledged the last, the
 * line is dead, however open the socket looks.
 */
import { sleep } from '../../base/sleep.ts'

export interface HeartbeatOptions {
  readonly intervalMs: number
  readonly send: () => void
}

/** A timer is never so late unless the whole process stood still. */
const OVERDUE_MS = 10_000

export class Heartbeat {
  readonly #options: HeartbeatOptions
  #isAcknowledged = true
  /** `performance.now()` of the next one. */
  #dueAt = Number.POSITIVE_INFINITY

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Resolves when the line is dead; rejects with an `AbortError` once the signal aborts. */
  async untilDead(signal: AbortSignal): Promise<void> {
    const { intervalMs } = this.#options
    await this.#sleep(Math.floor(intervalMs * Math.random()), signal)
    while (this.#isAcknowledged) {
      this.#isAcknowledged = false
      this.beat()
      await this.#sleep(intervalMs, signal)
    }
  }

  /** The process was stopped, and goes on: what it reads now may have been written long ago. */
  get isOverdue(): boolean {
    return performance.now() > this.#dueAt + OVERDUE_MS
  }

  /** Discord may ask for one at any time (op 1); that one says nothing about the line. */
  beat(): void {
    this.#options.send()
  }

  acknowledged(): void {
    this.#isAcknowledged = true
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.#dueAt = performance.now() + ms
    await sleep(ms, signal)
  }
}
