/** Time that only moves when a test says so. */
import type { Clock } from '../../../src/base/clock.ts'

export interface ManualClock extends Clock {
  /** Runs what falls due, in order, with the time it was due at. */
  advance(ms: number): void
  /** Sets the wall clock without any time passing. */
  jump(ms: number): void
  readonly pending: number
}

export function manualClock(start = 1_800_000_000_000): ManualClock {
  /** Time that has passed, whatever the wall clock says. */
  let elapsed = 0
  let wall = start
  let timers: readonly { readonly due: number; readonly callback: () => void }[] = []
  return {
    now: () => wall,
    after(ms, callback) {
      const timer = { due: elapsed + Math.max(ms, 0), callback }
      timers = [...timers, timer].toSorted((a, b) => a.due - b.due)
      return () => void (timers = timers.filter((other) => other !== timer))
    },
    advance(ms) {
      const end = elapsed + ms
      for (let next = timers[0]; next && next.due <= end; next = timers[0]) {
        timers = timers.slice(1)
        wall += next.due - elapsed
        elapsed = next.due
        next.callback()
      }
      wall += end - elapsed
      elapsed = end
    },
    jump: (ms) => void (wall += ms),
    get pending() {
      return timers.length
    },
  }
}
