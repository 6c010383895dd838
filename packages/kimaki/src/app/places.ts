/**
 * Waits for a place of Discord to let the bot do what it refused: the rights in a guild, a channel or a thread have changed, or a pause is
 * over. Discord tells of changes as they happen, so the pauses are long: each vain attempt counts towards the limit of invalid requests
 * (Discord docs: Rate Limits > Invalid Request Limit, 10,000 in ten minutes).
 */
import { backoffMs } from '../base/backoff.ts'
import type { Clock } from '../base/clock.ts'
import { sleep } from '../base/sleep.ts'

const PAUSES = { firstMs: 2000, longestMs: 300_000 }
/** A role and its overwrites are often changed in one go: the attempt comes after the last of them. */
const SETTLE_MS = 300

export class Places {
  readonly #clock: Pick<Clock, 'after'>
  readonly #stopping: AbortSignal
  /** Those who wait, by the ids of guilds, channels and threads. */
  readonly #waiting = new Map<string, Set<AbortController>>()
  #changes = 0

  constructor(clock: Pick<Clock, 'after'>, stopping: AbortSignal) {
    this.#clock = clock
    this.#stopping = stopping
  }

  /** How often anything has changed: read it before the attempt, whose refusal may be older than a change. */
  get changes(): number {
    return this.#changes
  }

  /** Discord has told that these guilds, channels or threads are not what they were. */
  changed(ids: readonly string[]): void {
    this.#changes += 1
    for (const id of ids) for (const waiter of this.#waiting.get(id) ?? []) waiter.abort()
  }

  /** Resolves when one of the places has changed (or any, since `since`), or after a pause that grows with the failures. Rejects once the bot stops. */
  async reopened(ids: readonly string[], failures: number, since: number): Promise<void> {
    const changed = new AbortController()
    if (since !== this.#changes) changed.abort()
    for (const id of ids) this.#waiting.set(id, (this.#waiting.get(id) ?? new Set()).add(changed))
    try {
      await sleep(backoffMs(PAUSES, failures), AbortSignal.any([changed.signal, this.#stopping]), this.#clock)
    } catch {
      this.#stopping.throwIfAborted()
    } finally {
      for (const id of ids) this.#forget(id, changed)
    }
    if (changed.signal.aborted) await sleep(SETTLE_MS, this.#stopping, this.#clock)
  }

  #forget(id: string, waiter: AbortController): void {
    const waiting = this.#waiting.get(id)
    waiting?.delete(waiter)
    if (waiting?.size === 0) this.#waiting.delete(id)
  }
}
