/**
 * Notices a server that lives but answers nothing: stopped, or spinning. An event, or an answer to the health probe, is a sign of life.
 *
 *     answering ──no sign for `silentMs`──▶ silent ──none for `deadMs`──▶ dead
 *         ▲                                   │
 *         └────────────── a sign ─────────────┘
 *
 * Counted in checks, not by a clock: a machine that slept, or a bot that stood still, takes no server for dead.
 */
import { systemClock, type Clock } from '../../base/clock.ts'

export interface SilenceLimits {
  readonly silentMs: number
  readonly deadMs: number
}

export const DEFAULT_SILENCE: SilenceLimits = { silentMs: 30_000, deadMs: 60_000 }

export type Silence = 'silent' | 'answers' | 'dead'

export interface SilenceOptions {
  readonly limits?: SilenceLimits | undefined
  /** Asks the server whether it is there, and answers in time. */
  readonly probe: (deadlineMs: number) => Promise<boolean>
  readonly onChange: (silence: Silence) => void
  readonly clock?: Pick<Clock, 'after'>
}

const CHECKS_A_LIMIT = 6

export class SilenceWatch {
  readonly #options: SilenceOptions
  readonly #limits: SilenceLimits
  readonly #checkMs: number
  /** Checks in a row without a sign of life. */
  #checks = 0
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(options: SilenceOptions) {
    this.#options = options
    this.#limits = options.limits ?? DEFAULT_SILENCE
    this.#checkMs = this.#limits.silentMs / CHECKS_A_LIMIT
    this.#next()
  }

  /** The server has said something. */
  sign(): void {
    const wasSilent = this.#silentFor() >= this.#limits.silentMs
    this.#checks = 0
    if (wasSilent && !this.#isStopped) this.#options.onChange('answers')
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
  }

  #next(): void {
    const { clock = systemClock } = this.#options
    this.#cancel = clock.after(this.#checkMs, () => this.#check())
  }

  #check(): void {
    const { silentMs, deadMs } = this.#limits
    const before = this.#silentFor()
    this.#checks += 1
    const now = this.#silentFor()
    if (now >= deadMs) {
      this.stop()
      return this.#options.onChange('dead')
    }
    if (now >= silentMs && before < silentMs) this.#options.onChange('silent')
    this.#next()
    void this.#probe()
  }

  async #probe(): Promise<void> {
    if ((await this.#options.probe(this.#checkMs)) && !this.#isStopped) this.sign()
  }

  #silentFor(): number {
    return this.#checks * this.#checkMs
  }
}
