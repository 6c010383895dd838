/**
 * Discord's events on their way to the clients: gathered for one turn of the event loop, stored in one transaction, then handed on. What
 * the store does not take is forgotten here, and the line resumes from what it has: Discord sends it again.
 */
import { StoreAway } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { isSnowflake } from '../base/shape.ts'
import type { Shard } from '../upstream/shard.ts'
import type { Committed, Delivery, Dispatch, EventStore, Position, Unheard } from '../ports/store.ts'

export interface FeedOptions {
  readonly store: Pick<EventStore, 'commit'>
  readonly shard: Shard
  readonly now: () => number
  readonly log: Log
  readonly metrics: Metrics
  readonly isConnected: (clientId: string) => boolean
  readonly deliver: (deliveries: readonly Delivery[]) => void
  /** Every connected client must identify anew. */
  readonly gap: () => void
  /** The client has fewer guilds now. */
  readonly lost: (clientId: string) => void
  readonly unheard: (unheard: Unheard) => void
  /** Somebody has written to a client that is not connected. */
  readonly wanted: (clientId: string) => void
  /** A guild is told of anew: what waits for it can be said there. */
  readonly created: () => void
  readonly restart: (reason: string) => void
  /** Answers to what one client asked (op 8), which are nobody else's and not kept. True: it was one. */
  readonly answered: (dispatch: Dispatch) => boolean
}

/** Discord docs: an interaction must be answered within 3 s; its id says when it was (Reference > Snowflakes). */
const INTERACTION_MS = 3000
const DISCORD_EPOCH_MS = 1_420_070_400_000n

function isLateInteraction({ name, data }: Dispatch, now: number): boolean {
  if (name !== 'INTERACTION_CREATE' || !isSnowflake(data.id)) return false
  return now - Number((BigInt(data.id) >> 22n) + DISCORD_EPOCH_MS) > INTERACTION_MS
}

export class Feed {
  readonly #options: FeedOptions
  #pending: Dispatch[] = []
  #position: Position | undefined
  #stored: Position | undefined
  #isPlanned = false

  /** `stored`: what the store has at the start. */
  constructor(options: FeedOptions, stored: Position | undefined) {
    this.#options = options
    this.#stored = stored
  }

  get stored(): Position | undefined {
    return this.#stored
  }

  /** `isReplay`: Discord sends it again, so it may be old. */
  push(dispatch: Dispatch, position: Position, isReplay: boolean): void {
    this.#position = position
    const isLate = isReplay && isLateInteraction(dispatch, this.#options.now())
    if (!isLate && !this.#options.answered(dispatch)) this.#pending.push(dispatch)
    if (this.#isPlanned) return
    this.#isPlanned = true
    setImmediate(() => this.flush())
  }

  flush(): void {
    this.#isPlanned = false
    const [batch, position] = [this.#pending, this.#position]
    this.#pending = []
    this.#position = undefined
    if (position === undefined) return
    const { store, shard, isConnected, metrics, log, restart } = this.#options
    const committed = store.commit(batch, position, isConnected, shard)
    if (committed instanceof StoreAway) {
      metrics.add('gateway_store_failures_total')
      log.error('events could not be stored; Discord is asked for them again', { reason: committed.message })
      return restart('the store is away')
    }
    this.#stored = position
    for (const _ of batch) metrics.add('gateway_events_total')
    this.#handOn(committed)
  }

  #handOn({ deliveries, isGap, lost, unheard, wanted, created }: Committed): void {
    const { deliver, gap, isConnected, metrics, log } = this.#options
    if (isGap) {
      metrics.add('gateway_gaps_total')
      log.warn('Discord began a new session: clients catch up over REST')
      gap()
    }
    deliver(deliveries)
    for (const clientId of new Set(lost)) this.#options.lost(clientId)
    for (const one of unheard) this.#options.unheard(one)
    for (const clientId of new Set(wanted)) if (!isConnected(clientId)) this.#options.wanted(clientId)
    if (created.length > 0) this.#options.created()
  }
}
