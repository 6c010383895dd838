/** Weather as data: shares of requests and of dispatches that meet a fault. */
import type { EventFault, FaultProfileName, RestFault } from '../api.ts'

export interface Share<Effect> {
  /** From 0 to 1; the shares of a list add up to at most 1, the rest meets nothing. */
  readonly share: number
  readonly effect: Effect
}

export interface FaultProfile {
  readonly rest: readonly Share<RestFault['effect']>[]
  readonly events: readonly Share<EventFault['effect'] | { readonly kind: 'cut' }>[]
  /** The gateway cuts everybody and refuses new connections while the profile lasts. */
  readonly gatewayDown: boolean
}

const status = (code: number): RestFault['effect'] => ({ kind: 'status', status: code })

const tooMany: RestFault['effect'] = {
  kind: 'status',
  status: 429,
  body: { message: 'The resource is being rate limited.', retry_after: 0.05, global: false, code: 0 },
  headers: { 'Retry-After': '1', 'X-RateLimit-Scope': 'shared', Via: '1.1 emulator' },
}

export const FAULT_PROFILES: Readonly<Record<FaultProfileName, FaultProfile>> = {
  'flaky-wifi': {
    rest: [
      { share: 0.15, effect: { kind: 'latency', ms: 60 } },
      { share: 0.06, effect: { kind: 'reset-before' } },
      { share: 0.06, effect: { kind: 'reset-after' } },
      { share: 0.03, effect: { kind: 'truncate' } },
      { share: 0.05, effect: { kind: 'slow', ms: 60 } },
    ],
    events: [
      { share: 0.03, effect: { kind: 'duplicate' } },
      { share: 0.05, effect: { kind: 'late', ms: 30 } },
      { share: 0.03, effect: { kind: 'swap' } },
      { share: 0.02, effect: { kind: 'cut' } },
    ],
    gatewayDown: false,
  },
  '429-storm': { rest: [{ share: 0.5, effect: tooMany }], events: [], gatewayDown: false },
  'discord-outage': {
    rest: [
      { share: 0.5, effect: status(503) },
      { share: 0.25, effect: status(500) },
      { share: 0.15, effect: status(502) },
    ],
    events: [],
    gatewayDown: true,
  },
}
