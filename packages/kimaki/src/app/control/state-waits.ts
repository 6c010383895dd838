/** Calls from outside that wait for what a conversation comes to. */
import { withDeadline } from '../../base/sleep.ts'
import type { Clock } from '../../base/clock.ts'
import type { Conversation } from '../../domain/conversation/state.ts'

type Look = (state: Conversation) => void

export class StateWaits {
  readonly #looks = new Map<string, Set<Look>>()
  readonly #clock: Pick<Clock, 'after'>
  readonly #stopping: AbortSignal

  constructor(clock: Pick<Clock, 'after'>, stopping: AbortSignal) {
    this.#clock = clock
    this.#stopping = stopping
  }

  /** What stands in the state is on record. */
  changed({ id, state }: { readonly id: string; readonly state: Conversation | undefined }): void {
    if (state) for (const look of this.#looks.get(id) ?? []) look(state)
  }

  /**
   * What `look` finds first, in what `before` reads or in a later state; undefined after `ms`. Nothing that changes in between is missed.
   * Rejects with an `AbortError` when the bot stops.
   */
  async until<T>(
    id: string,
    look: (state: Conversation) => T | undefined,
    before: () => Promise<T | undefined>,
    ms: number,
  ): Promise<T | undefined> {
    const found = Promise.withResolvers<T>()
    const heard: Look = (state) => {
      const value = look(state)
      if (value !== undefined) found.resolve(value)
    }
    const looks = this.#looks.get(id) ?? new Set()
    this.#looks.set(id, looks.add(heard))
    try {
      return (await before()) ?? (await withDeadline(found.promise, ms, this.#stopping, this.#clock))
    } finally {
      looks.delete(heard)
      if (looks.size === 0) this.#looks.delete(id)
    }
  }
}
