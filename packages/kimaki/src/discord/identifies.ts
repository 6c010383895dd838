/**
 * When may the gateway be asked for a new session? Discord resets the bot's token after 1,000 IDENTIFYs in 24 hours (docs: Gateway >
 * Identifying), so this stops long before, and keeps the pace of one per 5 s.
 */
import type { Log } from '../ports/host.ts'
import { sleep } from './sleep.ts'

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 24 * HOUR
const GAP = 5 * SECOND
const PER_MINUTE = 5
const PER_DAY = 200

/** Milliseconds to wait before the next IDENTIFY, given the times of the earlier ones (oldest first). */
export function identifyDelay(times: readonly number[], now: number): { readonly ms: number; readonly exhausted: boolean } {
  const today = times.filter((time) => time > now - DAY)
  if (today.length >= PER_DAY) return { ms: HOUR, exhausted: true }
  const last = times.at(-1)
  const burst = times.at(-PER_MINUTE)
  const free = Math.max(last === undefined ? 0 : last + GAP, burst === undefined ? 0 : burst + 60 * SECOND)
  return { ms: Math.max(0, free - now), exhausted: false }
}

export interface IdentifyBudget {
  /** Resolves when an IDENTIFY may be sent, and counts it; never resolves after an abort. */
  take(signal: AbortSignal): Promise<void>
}

export function createIdentifyBudget(log: Log): IdentifyBudget {
  let times: readonly number[] = []
  return {
    async take(signal) {
      for (;;) {
        const { ms, exhausted } = identifyDelay(times, performance.now())
        if (exhausted) log.error(`${PER_DAY} new gateway sessions in 24 hours: something is wrong. No further one for an hour.`)
        if (ms === 0) break
        await sleep(ms, signal)
        if (signal.aborted) return new Promise(() => undefined)
      }
      times = [...times.filter((time) => time > performance.now() - DAY), performance.now()]
      log.debug('identify', { today: times.length })
    },
  }
}
