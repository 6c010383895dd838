/**
 * Gateway dispatches -> events for the caller, strictly in the order of the gateway. The class owns the queue of dispatches; `Judge` says
 * what one of them means, and may have to ask Discord first.
 *
 * G1. Events leave in the order in which their dispatches came: while one waits for an answer of Discord, everything behind it waits too.
 *     So no position passes a message that is not handed up yet.
 * G2. Each dispatch leaves as exactly one event, unless the adapter stops first.
 * G3. A message is `late` when a RESUME told it again, or when it waited here for longer than ten seconds.
 */
import { isAbortError } from '../../base/errors.ts'
import type { ChatEvent, GatewayPosition } from '../../ports/chat.ts'
import type { Arrival } from '../wire/dispatch.ts'
import { Judge, type JudgeOptions } from './judge.ts'

export interface IngestOptions extends JudgeOptions {
  readonly onEvent: (event: ChatEvent) => void
  /** A message that waited for longer was not written just now, ms. */
  readonly stillNewMs?: number
}

interface Waiting {
  readonly dispatch: Arrival
  readonly position: GatewayPosition
  readonly replayed: boolean
  /** By the steady clock, ms. */
  readonly at: number
}

const STILL_NEW_MS = 10_000

export class Ingest {
  readonly #judge: Judge
  readonly #stopping: AbortSignal
  readonly #onEvent: (event: ChatEvent) => void
  readonly #stillNewMs: number
  readonly #waiting: Waiting[] = []
  #isAsking = false

  constructor({ onEvent, stillNewMs = STILL_NEW_MS, ...options }: IngestOptions) {
    this.#judge = new Judge(options)
    this.#stopping = options.stopping
    this.#onEvent = onEvent
    this.#stillNewMs = stillNewMs
  }

  /** `replayed`: it came before the answer to a RESUME. */
  push(dispatch: Arrival, position: GatewayPosition, replayed: boolean): void {
    this.#waiting.push({ dispatch, position, replayed, at: performance.now() })
    this.#drain()
  }

  #drain(): void {
    while (!this.#isAsking && !this.#stopping.aborted) {
      const next = this.#waiting.shift()
      if (!next) return
      const verdict = this.#judge.judge(next.dispatch, next.position)
      if (verdict instanceof Promise) void this.#handUpLater(next, verdict)
      else this.#handUp(next, verdict)
    }
  }

  async #handUpLater(arrived: Waiting, verdict: Promise<ChatEvent>): Promise<void> {
    this.#isAsking = true
    try {
      this.#handUp(arrived, await verdict)
    } catch (error) {
      if (!isAbortError(error)) throw error
    }
    this.#isAsking = false
    this.#drain()
  }

  #handUp({ at, replayed }: Waiting, event: ChatEvent): void {
    if (this.#stopping.aborted) return
    const isLate = event.kind === 'message' && (replayed || performance.now() - at > this.#stillNewMs)
    this.#onEvent(isLate ? { ...event, late: true } : event)
  }
}
