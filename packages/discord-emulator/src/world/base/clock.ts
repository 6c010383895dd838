/** The clock of the world: it can be moved forward, and what was planned for the time in between happens on the way. */
export interface Clock {
  now(): number
  /** Runs the task once the clock shows `now() + ms`; returns the cancellation. */
  after(ms: number, task: () => void): () => void
  /** Moves the clock; tasks that fall due run in the order of their times, each at its own. */
  advance(ms: number): void
  stop(): void
}

interface Planned {
  readonly at: number
  readonly task: () => void
}

/** Timers of Node hold 31 bits. */
const LONGEST = 2 ** 31 - 1

export function createClock(base: () => number): Clock {
  let offset = 0
  let stopped = false
  let planned: readonly Planned[] = []
  let timer: NodeJS.Timeout | undefined
  const now = () => base() + offset

  const runDue = () => {
    for (let next = planned[0]; next !== undefined && next.at <= now(); next = planned[0]) {
      planned = planned.slice(1)
      next.task()
    }
    wait()
  }
  const wait = () => {
    clearTimeout(timer)
    const [next] = planned
    if (next === undefined || stopped) return
    timer = setTimeout(runDue, Math.min(LONGEST, Math.max(1, Math.ceil(next.at - now()))))
    timer.unref()
  }
  return {
    now,
    after(ms, task) {
      const plan: Planned = { at: now() + ms, task }
      const place = placeFor(planned, plan.at)
      planned = planned.toSpliced(place, 0, plan)
      if (place === 0) wait()
      return () => {
        planned = planned.filter((one) => one !== plan)
      }
    },
    advance(ms) {
      const goal = now() + ms
      for (let next = planned[0]; next !== undefined && next.at <= goal; next = planned[0]) {
        offset += Math.max(0, next.at - now())
        planned = planned.slice(1)
        next.task()
      }
      offset += Math.max(0, goal - now())
      wait()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Behind everything that is due earlier or at the same time. */
function placeFor(planned: readonly Planned[], at: number): number {
  let low = 0
  let high = planned.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((planned[middle]?.at ?? at) <= at) low = middle + 1
    else high = middle
  }
  return low
}
