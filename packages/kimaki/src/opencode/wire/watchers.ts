/** Callbacks by key: whoever waits for something to be announced under that key. */
export class Watchers<Value> {
  readonly #callbacks = new Map<string, Set<(value: Value) => void>>()

  /** Calls back at each announcement; returns the cancel. */
  add(key: string, callback: (value: Value) => void): () => void {
    const callbacks = this.#callbacks.get(key) ?? new Set()
    this.#callbacks.set(key, callbacks.add(callback))
    return () => {
      callbacks.delete(callback)
      if (callbacks.size === 0) this.#callbacks.delete(key)
    }
  }

  announce(key: string, value: Value): void {
    for (const callback of this.#callbacks.get(key) ?? []) callback(value)
  }
}
