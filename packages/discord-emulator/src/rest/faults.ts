/** Faults waiting for their requests: first match wins, each counts its own requests. */
import type { Faults, RestFault } from '../api.ts'

export interface FaultBook extends Faults {
  /** The fault this request meets, if any; the meeting counts. `route` is e.g. `POST /channels/:channel/messages`. */
  meet(route: string): RestFault | undefined
}

interface Waiting {
  readonly fault: RestFault
  seen: number
  hits: number
}

export function createFaults(): FaultBook {
  const waiting = new Set<Waiting>()
  return {
    add(fault) {
      const entry: Waiting = { fault, seen: 0, hits: 0 }
      waiting.add(entry)
      return {
        get hits() {
          return entry.hits
        },
        clear: () => void waiting.delete(entry),
      }
    },
    clear: () => waiting.clear(),
    meet(route) {
      for (const entry of waiting) {
        const { fault } = entry
        if (fault.route !== '*' && fault.route !== route) continue
        entry.seen += 1
        if (entry.seen <= (fault.after ?? 0)) continue
        entry.hits += 1
        if (entry.hits >= (fault.times ?? 1)) waiting.delete(entry)
        return fault
      }
      return undefined
    },
  }
}
