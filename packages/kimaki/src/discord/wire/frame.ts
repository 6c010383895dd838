/** What comes over the gateway's socket: the frame around everything (Discord docs: Gateway > Gateway Event Payload Structure). */
import { anything, flag, number, orElse, orNone, record, text, that, type Read } from './shape.ts'

/** Undefined for what is no JSON, or no frame: nothing of Discord's. */
export function parseFrame(source: string): Frame | undefined {
  try {
    const known = frame(JSON.parse(source))
    return known instanceof Error ? undefined : known
  } catch {
    return undefined
  }
}

const frame = record({
  op: number,
  d: anything,
  t: orElse(text, ''),
  s: orNone(that(number, Number.isSafeInteger, 'a whole number')),
})

export type Frame = Read<typeof frame>

/** Longer than a day is no interval: Node would take it for one millisecond. */
const LONGEST_INTERVAL_MS = 86_400_000

export const hello = record({
  heartbeat_interval: that(number, (ms) => ms > 0 && ms <= LONGEST_INTERVAL_MS, 'an interval'),
})

/** Of an invalid session (op 9). */
export const mayResume = orElse(flag, false)
