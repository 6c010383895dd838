/**
 * How many conversations a person begins within a minute. What counts is when their messages were written, not when they arrived: after an
 * hour away all of an hour arrives at once, in the order of the channels.
 */
import { timeOfSnowflake } from '../../base/ids.ts'

const MINUTE_MS = 60_000
/** Of each person; who begins more within an hour than that is too fast all the same. */
const KEPT = 2000

export class Pace {
  readonly atMost: number
  /** Messages that began a conversation, by their author. */
  readonly #begun = new Map<string, readonly string[]>()

  constructor(atMost: number) {
    this.atMost = atMost
  }

  /** May this message begin one more? No minute, wherever it starts, has more than so many. Asked again, the answer is the same. */
  allows(userId: string, messageId: string): boolean {
    const begun = this.#begun.get(userId) ?? []
    if (begun.includes(messageId)) return true
    const written = timeOfSnowflake(messageId)
    const near = [...begun.map(timeOfSnowflake).filter((time) => Math.abs(time - written) < MINUTE_MS), written].toSorted(
      (one, other) => one - other,
    )
    if (near.some((time, index) => (near[index + this.atMost] ?? Infinity) - time < MINUTE_MS)) return false
    this.#begun.set(userId, [...begun, messageId].slice(-KEPT))
    return true
  }
}
