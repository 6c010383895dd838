/**
 * Notices a RESUME that Discord never answers: a gateway has been seen to keep such a connection for 70 s, its heartbeats acknowledged. A
 * replay counts as life, however long it takes.
 */
export class ResumeWatchdog {
  readonly #onSilence: () => void
  readonly #patienceMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(onSilence: () => void, patienceMs: number) {
    this.#onSilence = onSilence
    this.#patienceMs = patienceMs
  }

  /** The RESUME is on its way. */
  start(): void {
    this.stop()
    this.#timer = setTimeout(this.#onSilence, this.#patienceMs)
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
