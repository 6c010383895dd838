/**
 * Waits, in an orderly stop, for threads to be told that their shell commands end. The bot has asked the shell commands of people to end,
 * and waits up to a second until their threads were told. What was not told by then, the next start tells.
 */
import type { Clock } from '../base/clock.ts'

const DEADLINE_MS = 1000

export class Drain<Runner> {
  readonly #clock: Pick<Clock, 'after'>
  /** Is a shell command of the conversation running, or its end not shown yet? */
  readonly #hasMoreToSay: (runner: Runner) => boolean
  #onChange: () => void = () => undefined

  constructor(clock: Pick<Clock, 'after'>, hasMoreToSay: (runner: Runner) => boolean) {
    this.#clock = clock
    this.#hasMoreToSay = hasMoreToSay
  }

  /** The state of a conversation has changed. */
  changed(): void {
    this.#onChange()
  }

  /** Resolves when none of these conversations has more to say, or when the second is over. */
  reported(runners: Iterable<Runner>): Promise<void> {
    const awaited = [...runners]
    return new Promise((resolve) => {
      const cancel = this.#clock.after(DEADLINE_MS, resolve)
      this.#onChange = () => {
        if (awaited.some(this.#hasMoreToSay)) return
        cancel()
        resolve()
      }
      this.#onChange()
    })
  }
}
