/** A call that happens at once when it is first asked for, then at most once every `ms` for as long as it is asked for. */
export class Throttle {
  readonly #ms: number
  readonly #call: () => void
  #timer: NodeJS.Timeout | undefined
  #requested = false
  #stopped = false

  constructor(ms: number, call: () => void) {
    this.#ms = ms
    this.#call = call
  }

  request(): void {
    this.#requested = true
    if (!this.#timer && !this.#stopped) this.#fire()
  }

  /** No call afterwards. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #fire(): void {
    this.#requested = false
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#requested) this.#fire()
    }, this.#ms)
    this.#call()
  }
}
