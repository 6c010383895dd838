/**
 * Commits that do not give up: a full disk or a locked database delays, it does not lose. Nothing is acknowledged, done or posted
 * meanwhile, and the operator is told. As long as the store takes what it gets, batches go to it side by side, because those that are
 * ready together share one transaction.
 *
 * Invariants
 *  Q1. Once a batch could not be written, it and all later ones wait, and are written one by one in the order they came: a later gateway
 *      position must never be on record before an earlier message.
 *  Q2. A batch that can never be written rejects with `BatchRejected`, a defect of whoever made it, and holds up no other.
 *  Q3. When the bot stops, what waits is tried once more. After the first batch that fails then, none is written any more; each rejects
 *      with the `AbortError` of the stop.
 */
import { backoffMs, type BackoffLimits } from '../base/backoff.ts'
import { BatchRejected, isAbortError, StoreUnavailable } from '../base/errors.ts'
import type { Log } from '../ports/host.ts'
import type { Batch, InboxRow, StorePort } from '../ports/store.ts'
import type { Retry } from './retry.ts'

const PAUSES: BackoffLimits = { firstMs: 250, longestMs: 15_000 }

interface Waiting {
  /** Batches fail in any order; this is the order they came in. */
  readonly ticket: number
  readonly batch: Batch
  readonly resolve: (rows: readonly InboxRow[]) => void
  readonly reject: (error: unknown) => void
}

export class CommitQueue {
  readonly #store: Pick<StorePort, 'commit'>
  readonly #retry: Pick<Retry, 'pause' | 'signal'>
  readonly #log: Log
  #tickets = 0
  #waiting: readonly Waiting[] = []
  #isDraining = false
  #isGivenUp = false
  #trouble: string | undefined

  /** `retry` gives the pauses; its signal says that the bot stops. */
  constructor(store: Pick<StorePort, 'commit'>, retry: Pick<Retry, 'pause' | 'signal'>, log: Log) {
    this.#store = store
    this.#retry = retry
    this.#log = log
  }

  /** Why nothing is written now. */
  get trouble(): string | undefined {
    return this.#waiting.length > 0 ? this.#trouble : undefined
  }

  /** The inbox rows that were new. Rejects with `BatchRejected` (Q2), or with an `AbortError` when the bot stops first (Q3). */
  async commit(batch: Batch): Promise<readonly InboxRow[]> {
    const ticket = (this.#tickets += 1)
    if (this.#isGivenUp) throw this.#retry.signal.reason
    if (this.#waiting.length > 0) return this.#wait(ticket, batch)
    const committed = await this.#store.commit(batch)
    if (committed instanceof BatchRejected) throw committed
    if (!(committed instanceof StoreUnavailable)) return committed
    this.#complain(committed)
    return this.#wait(ticket, batch)
  }

  #wait(ticket: number, batch: Batch): Promise<readonly InboxRow[]> {
    return new Promise((resolve, reject) => {
      this.#waiting = [...this.#waiting, { ticket, batch, resolve, reject }].toSorted((a, b) => a.ticket - b.ticket)
      if (!this.#isDraining) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    for (let failures = 1; this.#waiting.length > 0;) {
      await this.#pause(failures)
      failures = (await this.#writeFirst()) ? 0 : failures + 1
    }
    this.#isDraining = false
  }

  async #pause(failures: number): Promise<void> {
    if (failures === 0) return
    try {
      await this.#retry.pause(backoffMs(PAUSES, failures))
    } catch (error) {
      // The bot stops: the batch is tried at once, for the last time (Q3).
      if (!isAbortError(error)) throw error
    }
  }

  /** False when the store took nothing, and the first batch waits on. */
  async #writeFirst(): Promise<boolean> {
    const [first] = this.#waiting
    if (!first) return true
    const committed = this.#isGivenUp ? new StoreUnavailable({ reason: 'given up' }) : await this.#store.commit(first.batch)
    if (committed instanceof StoreUnavailable && !this.#retry.signal.aborted) {
      this.#complain(committed)
      return false
    }
    this.#isGivenUp ||= committed instanceof StoreUnavailable
    this.#waiting = this.#waiting.filter((waiting) => waiting !== first)
    if (committed instanceof StoreUnavailable) first.reject(this.#retry.signal.reason)
    else if (committed instanceof BatchRejected) first.reject(committed)
    else first.resolve(committed)
    return true
  }

  #complain({ reason }: StoreUnavailable): void {
    this.#trouble = String(reason)
    this.#log.error('cannot write to the database: nothing is accepted, done or posted until this is mended', { reason })
  }
}
