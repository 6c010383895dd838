/**
 * What the agent asks people, and waits for: permissions and questions. They are in memory only, so they are gone with the
 * process. An ask whose run was stopped stays in the list until somebody answers it, as with OpenCode.
 */
import type { Bus, Place } from '../events/bus.ts'
import { newId } from '../base/ids.ts'

export interface Ask {
  readonly id: string
  readonly sessionID: string
  readonly [fact: string]: unknown
}

/** What OpenCode says where it is answered with no. */
export class Rejected extends Error {
  /** The run goes on: a person said what to do instead. */
  readonly isFeedback: boolean

  constructor(message: string, isFeedback = false) {
    super(message)
    this.isFeedback = isFeedback
  }
}

interface Waiting<Answer> {
  readonly place: Place
  readonly ask: Ask
  readonly answer: (answer: Answer | Rejected) => void
}

export class Asks<Answer> {
  readonly #kind: 'permission' | 'question'
  readonly #bus: Bus
  readonly #waiting = new Map<string, Waiting<Answer>>()

  constructor(kind: 'permission' | 'question', bus: Bus) {
    this.#kind = kind
    this.#bus = bus
  }

  /** Resolves with the answer; throws the signal's reason when the run is stopped before. */
  async ask(
    place: Place,
    facts: Omit<Ask, 'id'> & { readonly sessionID: string },
    signal: AbortSignal,
  ): Promise<Answer | Rejected> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer | Rejected>()
    const ask: Ask = { ...facts, id: newId(this.#kind === 'permission' ? 'per' : 'que'), sessionID: facts.sessionID }
    this.#waiting.set(ask.id, { place, ask, answer: resolve })
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    this.#bus.tell(place, `${this.#kind}.asked`, ask)
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  list(directory: string): readonly Ask[] {
    return [...this.#waiting.values()].flatMap(({ place, ask }) => (place.directory === directory ? [ask] : []))
  }

  find(id: string, directory: string): Ask | undefined {
    const waiting = this.#waiting.get(id)
    return waiting?.place.directory === directory ? waiting.ask : undefined
  }

  /** `told`: the event that says so, without the ids. */
  answer(id: string, answer: Answer | Rejected, told: { readonly type: string; readonly [fact: string]: unknown }): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    const { type, ...facts } = told
    this.#bus.tell(waiting.place, type, { sessionID: waiting.ask.sessionID, requestID: id, ...facts })
    waiting.answer(answer)
  }

  /** The folder was let go, with all that waits there. */
  forget(directory: string): void {
    for (const { id } of this.list(directory)) this.#waiting.delete(id)
  }
}
