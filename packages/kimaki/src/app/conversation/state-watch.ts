/** Waits until a conversation comes to something, for callers from outside: a tool of the agent that waits for a person. */
import type { Clock } from '../../base/clock.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { ConversationHandle } from './handle.ts'

export class StateWatch {
  readonly #clock: Pick<Clock, 'after'>
  /** By the id of the conversation. */
  readonly #watchers = new Map<string, Set<(state: Conversation | undefined) => void>>()

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock
  }

  changed({ id, state }: Pick<ConversationHandle, 'id' | 'state'>): void {
    for (const look of this.#watchers.get(id) ?? []) look(state)
  }

  /** The first value that is not undefined; undefined after so long, or when the bot stops. `now`: the state as it is. */
  async until<T>(
    id: string,
    now: Conversation | undefined,
    of: (state: Conversation) => T | undefined,
    withinMs: number,
  ): Promise<T | undefined> {
    const at = now && of(now)
    if (at !== undefined) return at
    return new Promise((resolve) => {
      const watchers = this.#watchers.get(id) ?? new Set()
      const end = (value: T | undefined): void => {
        watchers.delete(look)
        if (watchers.size === 0) this.#watchers.delete(id)
        cancel()
        resolve(value)
      }
      const look = (state: Conversation | undefined): void => {
        const value = state && of(state)
        if (value !== undefined || !state) end(value)
      }
      const cancel = this.#clock.after(withinMs, () => end(undefined))
      this.#watchers.set(id, watchers.add(look))
    })
  }

  stop(): void {
    for (const watchers of this.#watchers.values()) for (const look of watchers) look(undefined)
  }
}
