/**
 * When may the gateway be asked for a new session? Discord resets the bot's token after 1,000 IDENTIFYs in 24 hours (docs: Gateway >
 * Identifying), so this stops long before, and keeps the pace of one per 5 s. Every one is on record before it is sent: a process that
 * dies over and over has one budget with those after it.
 */
import type { IdentifyRecords } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { sleep } from '../rest/sleep.ts'

const SECOND = 1000
const DAY = 24 * 3_600_000
const GAP = 5 * SECOND
const PER_MINUTE = 5
/** The two hundredth is not sent. */
const PER_DAY = 199
const UNREADABLE_PAUSE = 30 * SECOND

export interface IdentifyBudget {
  /** Resolves when an IDENTIFY may be sent; at once after an abort. */
  ready(signal: AbortSignal): Promise<void>
  /** The same, and it is counted; never resolves after an abort. */
  take(signal: AbortSignal): Promise<void>
}

export interface BudgetParts {
  readonly memory: IdentifyRecords
  readonly log: Log
  readonly now?: () => number
  readonly pause?: typeof sleep
}

export function createIdentifyBudget({ memory, log, now = Date.now, pause = sleep }: BudgetParts): IdentifyBudget {
  let exhausted = false

  /** What is on record; undefined: it cannot be read. */
  async function recorded(): Promise<readonly number[] | undefined> {
    try {
      const times = await memory.read()
      const today = datedBack(times, now())
      // Once on record with a time of today they expire a day from now, whatever the clock showed when they were made.
      if (times.some((time) => time > now())) await memory.write(today)
      return today
    } catch (error) {
      log.error('how many gateway sessions were begun today cannot be read or written: none is begun until it can', {
        error: String(error),
      })
      return undefined
    }
  }

  async function ready(signal: AbortSignal): Promise<readonly number[]> {
    while (!signal.aborted) {
      const times = await recorded()
      const wait = times ? identifyDelay(times, now()) : { ms: UNREADABLE_PAUSE, exhausted: false }
      if (times && wait.ms === 0) {
        if (exhausted) log.warn('new gateway sessions may be begun again')
        exhausted = false
        return times
      }
      if (wait.exhausted && !exhausted) {
        const until = new Date(now() + wait.ms).toISOString()
        log.error(
          `${PER_DAY} new gateway sessions in 24 hours: something is wrong. Discord would reset the bot token at 1000, so the bot stays offline until ${until}. Look in the log for why it starts over and over.`,
        )
      }
      exhausted = wait.exhausted
      await pause(Math.min(wait.ms, LONGEST_SLEEP), signal)
    }
    return []
  }

  return {
    async ready(signal) {
      await ready(signal)
    },
    async take(signal) {
      for (;;) {
        const times = await ready(signal)
        if (signal.aborted) return new Promise(() => undefined)
        try {
          await memory.write([...times, now()])
          return log.debug('identify', { today: times.length + 1 })
        } catch (error) {
          log.error('a new gateway session cannot be put on record: it is not begun', { error: String(error) })
          await pause(UNREADABLE_PAUSE, signal)
        }
      }
    },
  }
}

/** A clock that jumps is asked again before long. */
const LONGEST_SLEEP = 600 * SECOND

/** Milliseconds to wait before the next IDENTIFY, given the times of the earlier ones (oldest first). */
export function identifyDelay(times: readonly number[], now: number): { readonly ms: number; readonly exhausted: boolean } {
  const today = times.filter((time) => time > now - DAY)
  const oldest = today.at(-PER_DAY)
  if (oldest !== undefined) return { ms: Math.max(SECOND, oldest + DAY - now), exhausted: true }
  const last = today.at(-1)
  const burst = today.at(-PER_MINUTE)
  const free = Math.max(last === undefined ? 0 : last + GAP, burst === undefined ? 0 : burst + 60 * SECOND)
  return { ms: Math.max(0, free - now), exhausted: false }
}

/** Those of the last 24 hours, oldest first. What lies ahead was made before the clock was set back: it counts as made now. */
function datedBack(times: readonly number[], now: number): readonly number[] {
  return times
    .filter((time) => time > now - DAY)
    .map((time) => Math.min(time, now))
    .toSorted((a, b) => a - b)
}
