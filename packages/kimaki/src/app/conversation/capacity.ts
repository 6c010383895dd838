/**
 * How many conversations have an agent at work, over the whole bot. A prompt that would set one more to work waits until another one ends.
 *
 *     (found on record at a start) ─▶ works ──▶ neither
 *                  waits ──(room, and nobody older waits for it)──▶ works
 *
 * Nothing of it is on record: which of the two a conversation does follows from its state, and is told after every input.
 *
 * Invariants
 *  C1. Room is given in order of arrival: to so many of the oldest that wait as there is room.
 *  C2. A conversation takes its room in the very step that uses it, before its commit: two never take the same.
 *  C3. Only who can begin at once waits here. So room is never kept for a session that cannot be read or a file that is being fetched.
 *  C4. Whoever frees room, or stops waiting for it, wakes those who may begin now.
 *  C5. A conversation that works is asked for nothing.
 */
export interface Doing {
  readonly works: boolean
  /** Order of the prompt that waits for nothing but room. */
  readonly waits: number | undefined
}

/** Its state is not known: nothing is kept for it. */
export const UNKNOWN: Doing = { works: false, waits: undefined }

export class Capacity {
  readonly #atMost: number
  readonly #wake: (id: string) => void
  readonly #working = new Set<string>()
  readonly #waiting = new Map<string, number>()

  readonly #onWorking: (isWorking: boolean) => void

  /** `onWorking`: told when the first begins to work, and when none does any more. */
  constructor(atMost: number, wake: (id: string) => void, onWorking: (isWorking: boolean) => void = () => undefined) {
    this.#atMost = atMost
    this.#wake = wake
    this.#onWorking = onWorking
  }

  hasRoomFor(id: string): boolean {
    if (this.#working.has(id)) return true
    const room = this.#atMost - this.#working.size
    if (room <= 0 || this.#waiting.size < room) return room > 0
    const mine = this.#waiting.get(id)
    const before = [...this.#waiting].filter(([other, order]) => other !== id && (mine === undefined || order < mine))
    return before.length < room
  }

  /** An earlier process left it with open work: it counts until its state is known. */
  expect(id: string): void {
    this.#setWorking(id, true)
  }

  update(id: string, { works, waits }: Doing): void {
    const isFreed = (!works && this.#working.has(id)) || (!works && waits === undefined && this.#waiting.has(id))
    this.#setWorking(id, works)
    if (waits === undefined) this.#waiting.delete(id)
    else this.#waiting.set(id, waits)
    if (isFreed && this.#waiting.size > 0) this.#wakeNext()
  }

  #setWorking(id: string, works: boolean): void {
    const before = this.#working.size
    if (works) this.#working.add(id)
    else this.#working.delete(id)
    if ((before === 0) !== (this.#working.size === 0)) this.#onWorking(works)
  }

  #wakeNext(): void {
    const oldestFirst = [...this.#waiting].toSorted(([, one], [, other]) => one - other)
    for (const [id] of oldestFirst.slice(0, Math.max(this.#atMost - this.#working.size, 0))) this.#wake(id)
  }
}
