/** Faults waiting for their requests and dispatches: first match wins, each counts its own; then the weather is asked. */
import type { EventFault, FaultProfileName, Faults, RestFault, Snowflake } from '../api.ts'
import { FAULT_PROFILES, type FaultProfile, type Share } from './fault-profiles.ts'
import type { Chance } from '../world/base/chance.ts'

export type EventEffect = EventFault['effect'] | { readonly kind: 'cut' }

export interface FaultBook extends Faults {
  /** The fault this request meets, if any; the meeting counts. `route` is e.g. `POST /channels/:channel/messages`. */
  meet(route: string): RestFault | undefined
  meetEvent(botId: Snowflake, event: string): EventEffect | undefined
}

export function createFaults(chance: Chance, setGatewayDown: (down: boolean) => void): FaultBook {
  const requests = createQueue<RestFault>()
  const dispatches = createQueue<EventFault & { readonly botId: Snowflake }>()
  let weather: FaultProfile | undefined
  const change = (next: FaultProfile | undefined) => {
    if ((weather?.gatewayDown ?? false) !== (next?.gatewayDown ?? false)) setGatewayDown(next?.gatewayDown ?? false)
    weather = next
  }
  return {
    add: requests.add,
    addEvent: (botId, fault) => dispatches.add({ ...fault, botId }),
    profile(name: FaultProfileName) {
      const begun = FAULT_PROFILES[name]
      change(begun)
      return () => {
        if (weather === begun) change(undefined)
      }
    },
    clear() {
      requests.clear()
      dispatches.clear()
      change(undefined)
    },
    meet(route) {
      const planned = requests.meet((fault) => fault.route === '*' || fault.route === route)
      if (planned !== undefined || weather === undefined) return planned
      const effect = draw(chance, weather.rest)
      return effect && { route, effect }
    },
    meetEvent(botId, event) {
      const planned = dispatches.meet((fault) => fault.botId === botId && (fault.event === '*' || fault.event === event))
      return planned?.effect ?? (weather && !HANDSHAKE.has(event) ? draw(chance, weather.events) : undefined)
    },
  }
}

/** The weather leaves these alone: without them there is no session to disturb. */
const HANDSHAKE: ReadonlySet<string> = new Set(['READY', 'RESUMED'])

function draw<Effect>(chance: Chance, shares: readonly Share<Effect>[]): Effect | undefined {
  let left = shares.length === 0 ? 1 : chance.next()
  for (const { share, effect } of shares) {
    left -= share
    if (left < 0) return effect
  }
  return undefined
}

interface Counted {
  readonly times?: number
  readonly after?: number
}

interface Waiting<Fault> {
  readonly fault: Fault
  seen: number
  hits: number
}

function createQueue<Fault extends Counted>() {
  const waiting = new Set<Waiting<Fault>>()
  return {
    clear: () => waiting.clear(),
    add(fault: Fault) {
      const entry: Waiting<Fault> = { fault, seen: 0, hits: 0 }
      waiting.add(entry)
      return {
        get hits() {
          return entry.hits
        },
        clear: () => void waiting.delete(entry),
      }
    },
    meet(fits: (fault: Fault) => boolean): Fault | undefined {
      for (const entry of waiting) {
        const { fault } = entry
        if (!fits(fault)) continue
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
