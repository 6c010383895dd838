/**
 * The one exception to "on record before anything happens": what people write in a modal that asks for a secret (`Modal.secrets`), such as
 * the key of a provider. A record would keep it for as long as the database file lives, in its journal and its free pages, too. So the
 * press goes on record without its words, and they wait here for the work of its command. A process that dies in between takes them along:
 * the next one finds the press, finds no words, and asks for them again.
 */
import type { Clock } from '../base/clock.ts'

/** As long as Discord takes an answer. */
const KEPT_MS = 900_000

export class UnrecordedWords {
  readonly #clock: Pick<Clock, 'now'>
  /** By the id of the press, oldest first. */
  readonly #kept = new Map<string, { readonly words: readonly string[]; readonly at: number }>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  keep(pressId: string, words: readonly string[]): void {
    const at = this.#clock.now()
    for (const [old, kept] of this.#kept) if (Math.abs(at - kept.at) >= KEPT_MS) this.#kept.delete(old)
    this.#kept.set(pressId, { words, at })
  }

  /** Field by field; undefined: an earlier process had them. */
  of(pressId: string): readonly string[] | undefined {
    return this.#kept.get(pressId)?.words
  }

  forget(pressId: string): void {
    this.#kept.delete(pressId)
  }
}
