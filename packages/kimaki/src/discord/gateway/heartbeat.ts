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

export class Heartbeat {
  readonly #options: HeartbeatOptions
  #isAcknowledged = true

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Resolves when the line is dead; rejects with an `AbortError` once the signal aborts. */
  async untilDead(signal: AbortSignal): Promise<void> {
    const { intervalMs } = this.#options
    await sleep(Math.floor(intervalMs * Math.random()), signal)
    while (this.#isAcknowledged) {
      this.#isAcknowledged = false
      this.beat()
      await sleep(intervalMs, signal)
    }
  }

  /** Discord may ask for one at any time (op 1); that one says nothing about the line. */
  beat(): void {
    this.#options.send()
  }

  acknowledged(): void {
    this.#isAcknowledged = true
  }
}
