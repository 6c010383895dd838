/**
 * Work in order: each piece begins when the one before it has ended, however it ended. A piece that throws rejects only its own promise.
 */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()
  #pending = 0

  /** Nothing is running or waiting. */
  get isIdle(): boolean {
    return this.#pending === 0
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#pending += 1
    const result = this.#last.then(work).finally(() => void (this.#pending -= 1))
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when everything that was handed in until now has ended. */
  async drained(): Promise<void> {
    await this.#last
  }
}

/** A serial queue for each key; a key without work costs nothing. */
export class KeyedSerialQueue {
  readonly #queues = new Map<string, SerialQueue>()

  /** Keys with work that is running or waiting. */
  get size(): number {
    return this.#queues.size
  }

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new SerialQueue()
    this.#queues.set(key, queue)
    return queue.run(work).finally(() => queue.isIdle && this.#queues.delete(key))
  }

  /** Resolves when everything that was handed in until now has ended. */
  async drained(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.drained()))
  }
}
