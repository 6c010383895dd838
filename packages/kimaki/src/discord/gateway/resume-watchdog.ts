/**
 * Notices a RESUME that Discord never answers: a gateway has been seen to keep such a connection for 70 s, its heartbeats acknowledged. A
 * replay counts as life, however long it takes.
 */
export class ResumeWatchdog {
  readonly #onSilence: () => void
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(onSilence: () => void, timeoutMs: number) {
    this.#onSilence = onSilence
    this.#timeoutMs = timeoutMs
  }

  /** The RESUME is on its way. */
  start(): void {
    this.stop()
    this.#timer = setTimeout(this.#onSilence, this.#timeoutMs)
  }

  /** Something was dispatched. */
  alive(): void {
    this.#timer?.refresh()
  }

  /** The RESUME is answered, or the connection is over. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
