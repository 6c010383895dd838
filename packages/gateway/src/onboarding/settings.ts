/** What the pages need to know of the gateway and of Discord. */
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import type { Delivery, Store } from '../ports/store.ts'

export interface OnboardingSettings {
  readonly store: Store
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => number
  /** Where people and machines reach this gateway, without a slash at its end. */
  readonly publicUrl: string
  readonly applicationId: string
  readonly clientSecret: string
  /** REST base that ends in `/api`. */
  readonly apiUrl: string
  /** Discord's page that asks for consent. */
  readonly authorizeUrl: string
  readonly permissions: string
  /** What connected clients must hear. */
  readonly deliver: (deliveries: readonly Delivery[]) => void
  /** The client has fewer guilds now. */
  readonly lost: (clientId: string) => void
  /** A guild is to be told who was connected. */
  readonly announce: () => void
}
