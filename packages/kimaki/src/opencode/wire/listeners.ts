/**
 * Calls whoever listens to the events of a server. A listener that throws is a defect of its own: the other listeners, and the stream, go
 * on.
 */
import type { Log } from '../../ports/host.ts'

export class Listeners<Value> {
  readonly #log: Log
  readonly #listeners: ((value: Value) => void)[] = []

  constructor(log: Log) {
    this.#log = log
  }

  add(listener: (value: Value) => void): void {
    this.#listeners.push(listener)
  }

  emit(value: Value): void {
    for (const listener of this.#listeners) {
      try {
        listener(value)
      } catch (cause) {
        this.#log.error('a listener of the agent threw', { cause: String(cause) })
      }
    }
  }
}
