/**
 * Work for one conversation, strictly one piece after the other. The owner says what must be ready before a piece is taken; nothing is taken
 * after `stop`, or after an `AbortError`.
 */
import { isAbortError } from '../../base/errors.ts'

export class Mailbox<Work> {
  readonly #ready: () => Promise<boolean>
  readonly #handle: (work: Work) => Promise<void>
  readonly #onCrash: (error: unknown) => void
  readonly #waiting: Work[] = []
  #working: Promise<void> | undefined
  #isStopped = false

  /** `ready` is asked before each piece; false: it is asked again. Neither may throw: what they throw reaches `onCrash`, and the next piece is taken. */
  constructor(ready: () => Promise<boolean>, handle: (work: Work) => Promise<void>, onCrash: (error: unknown) => void) {
    this.#ready = ready
    this.#handle = handle
    this.#onCrash = onCrash
  }

  get isIdle(): boolean {
    return this.#working === undefined
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Adds without beginning: for the owner, while it gets ready. */
  add(...work: readonly Work[]): void {
    this.#waiting.push(...work)
  }

  push(work: Work): void {
    this.add(work)
    this.start()
  }

  /** Everything that waits, taken out. */
  takeAll(): readonly Work[] {
    return this.#waiting.splice(0)
  }

  start(): void {
    this.#working ??= this.#work()
      .catch((error: unknown) => {
        // The bot stops: what waits is found on record at the next start.
        if (isAbortError(error)) this.#isStopped = true
        this.#onCrash(error)
      })
      .finally(() => {
        this.#working = undefined
        if (this.#waiting.length > 0 && !this.#isStopped) this.start()
      })
  }

  /** Resolves when nothing is being handled; nothing further is taken. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#working
  }

  async #work(): Promise<void> {
    while (!this.#isStopped) {
      if (!(await this.#ready())) continue
      const next = this.#waiting.shift()
      if (next === undefined) return
      await this.#handle(next)
    }
  }
}
