/**
 * The clock and its timers: `Clock`. Rooms that decide get the time as a value; whatever waits gets a `Clock`, so that tests move it by
 * hand.
 */

export interface Clock {
  /** Unix milliseconds. */
  now(): number
  /** Calls back once after `ms`; returns the cancel. */
  after(ms: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}
