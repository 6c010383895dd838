/**
 * Decides when the gateway may be asked for a new session (IDENTIFY). Discord resets the bot's token after 1,000 IDENTIFYs in 24 hours
 * (docs: Gateway > Identifying), so the budget ends long before that, and keeps the pace of one per 5 s. It owns no state but the record
 * on disk.
 *
 * B1. An IDENTIFY is on record before it is sent: a process that dies over and over has one budget with those after it.
 * B2. At most one in five seconds, five a minute, 199 in 24 hours.
 * B3. A clock that was set back neither frees the budget nor locks it for more than a day: times that lie ahead count as made now.
 * B4. A record that can be neither read nor written lets no session begin.
 */
import { systemClock, type Clock } from '../../base/clock.ts'
import { sleep } from '../../base/sleep.ts'
import type { Budget } from '../../domain/conversation/inquiry/status-report.ts'
import type { IdentifyRecords } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'

const SECOND = 1000
const DAY = 24 * 3_600_000
const GAP = 5 * SECOND
const PER_MINUTE = 5
/** The two hundredth is not sent. */
const PER_DAY = 199
const UNREADABLE_PAUSE = 30 * SECOND
/** A clock that jumps is asked again before long. */
const LONGEST_SLEEP = 600 * SECOND

export interface IdentifyBudgetOptions {
  readonly records: IdentifyRecords
  readonly log: Log
  readonly clock?: Clock
}

export class IdentifyBudget {
  readonly #records: IdentifyRecords
  readonly #log: Log
  readonly #clock: Clock
  #isExhausted = false

  constructor({ records, log, clock = systemClock }: IdentifyBudgetOptions) {
    this.#records = records
    this.#log = log
    this.#clock = clock
  }

  /** Resolves when an IDENTIFY may be sent, with the times of the earlier ones; rejects with an `AbortError` once the signal aborts. */
  async ready(signal: AbortSignal): Promise<readonly number[]> {
    for (;;) {
      signal.throwIfAborted()
      const times = await this.#ofToday()
      if (!times) {
        await this.#pause(UNREADABLE_PAUSE, signal)
        continue
      }
      const wait = identifyDelay(times, this.#clock.now())
      this.#report(wait)
      if (wait.ms === 0) return times
      await this.#pause(Math.min(wait.ms, LONGEST_SLEEP), signal)
    }
  }

  /** The same, and it is counted. */
  async take(signal: AbortSignal): Promise<void> {
    for (;;) {
      const times = await this.ready(signal)
      signal.throwIfAborted()
      try {
        await this.#records.write([...times, this.#clock.now()])
        return this.#log.debug('identify', { today: times.length + 1 })
      } catch (error) {
        this.#log.error('a new gateway session cannot be put on record: it is not begun', { error: String(error) })
        await this.#pause(UNREADABLE_PAUSE, signal)
      }
    }
  }

  /** Within the day that ends now. Throws where the record cannot be read. */
  async left(): Promise<Budget> {
    const begun = datedBack(await this.#records.read(), this.#clock.now()).length
    return { left: Math.max(0, PER_DAY - begun), most: PER_DAY }
  }

  /** Undefined: the record can be neither read nor written. */
  async #ofToday(): Promise<readonly number[] | undefined> {
    try {
      const times = await this.#records.read()
      const now = this.#clock.now()
      const today = datedBack(times, now)
      // Once on record with a time of today they expire a day from now, whatever the clock showed when they were made.
      if (times.some((time) => time > now)) await this.#records.write(today)
      return today
    } catch (error) {
      this.#log.error('how many gateway sessions were begun today cannot be read or written: none is begun until it can', {
        error: String(error),
      })
      return undefined
    }
  }

  #report({ ms, exhausted }: IdentifyDelay): void {
    if (exhausted && !this.#isExhausted) {
      const until = new Date(this.#clock.now() + ms).toISOString()
      this.#log.error(
        `${PER_DAY} new gateway sessions in 24 hours: something is wrong. Discord would reset the bot token at 1000, so the bot stays offline until ${until}. Look in the log for why it starts over and over.`,
      )
    }
    if (ms === 0 && this.#isExhausted) this.#log.warn('new gateway sessions may be begun again')
    this.#isExhausted = exhausted
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return sleep(ms, signal, this.#clock)
  }
}

export interface IdentifyDelay {
  readonly ms: number
  /** The day's number is reached. */
  readonly exhausted: boolean
}

/** Milliseconds to wait before the next IDENTIFY, given the times of the earlier ones (oldest first). */
export function identifyDelay(times: readonly number[], now: number): IdentifyDelay {
  const today = times.filter((time) => time > now - DAY)
  const oldest = today.at(-PER_DAY)
  if (oldest !== undefined) return { ms: Math.max(SECOND, oldest + DAY - now), exhausted: true }
  const last = today.at(-1)
  const burst = today.at(-PER_MINUTE)
  const free = Math.max(last === undefined ? 0 : last + GAP, burst === undefined ? 0 : burst + 60 * SECOND)
  return { ms: Math.max(0, free - now), exhausted: false }
}

/** Times of the last 24 hours, oldest first; a time that lies ahead was made before the clock was set back, and counts as made now. */
function datedBack(times: readonly number[], now: number): readonly number[] {
  return times
    .filter((time) => time > now - DAY)
    .map((time) => Math.min(time, now))
    .toSorted((a, b) => a - b)
}
