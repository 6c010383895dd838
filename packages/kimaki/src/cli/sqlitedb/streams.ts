/**
 * The streams of a Hrana server: each has a connection, and with it a transaction that goes on from one pipeline to the next.
 *
 *     no baton ──▶ a stream ──pipeline──▶ baton ──pipeline──▶ baton … ──close, 10 s idle, 5 min old, too slow──▶ its connection is closed
 *
 * H1. A baton cannot be guessed, and counts once: whoever has an older one gets nothing.
 * H2. At most eight streams. One that nobody uses ends by itself: what it reads keeps SQLite from clearing its log.
 * H3. A pipeline ends in time, or its stream does.
 */
import type { Clock } from '../../base/clock.ts'
import { fields, type HranaError } from '../../store/hrana/protocol.ts'
import { newToken } from '../loopback/listener.ts'
import type { ConnectionProcess } from './connection-process.ts'

export interface StreamLimits {
  readonly streams: number
  readonly idleMs: number
  readonly lifeMs: number
  readonly pipelineMs: number
}

const LIMITS: StreamLimits = { streams: 8, idleMs: 10_000, lifeMs: 300_000, pipelineMs: 10_000 }

interface Stream {
  readonly connection: StreamConnection
  readonly begun: number
  /** Cancels its end. */
  keep: () => void
}

/** What a stream needs of its connection. */
export type StreamConnection = Pick<ConnectionProcess, 'isGone' | 'ask' | 'endStream' | 'kill'>

export class Streams {
  readonly #open: () => StreamConnection
  readonly #limits: StreamLimits
  readonly #clock: Clock
  /** Those that wait for their next pipeline, by baton. */
  readonly #waiting = new Map<string, Stream>()
  readonly #all = new Set<Stream>()
  /** A process without a stream, for the next one: it starts in 50 ms. */
  #spare: { readonly connection: StreamConnection; readonly forget: () => void } | undefined

  constructor(open: () => StreamConnection, clock: Clock, limits = LIMITS) {
    this.#open = open
    this.#limits = limits
    this.#clock = clock
  }

  /** The answer as JSON. `gone`: nobody waits for it any more. */
  async pipeline(body: unknown, gone: AbortSignal): Promise<string | HranaError> {
    const { baton, requests } = fields(body)
    if (!Array.isArray(requests)) return { code: 'PROTOCOL', message: '"requests" must be a list.' }
    const stream = baton === undefined || baton === null ? this.#begin() : this.#resume(baton)
    if ('code' in stream) return stream
    const asked = requests as readonly unknown[]
    const late = new AbortController()
    const cancel = this.#clock.after(this.#limits.pipelineMs, () => late.abort())
    const results = await stream.connection.ask(asked, AbortSignal.any([gone, late.signal]))
    cancel()
    if (typeof results !== 'string') {
      this.#end(stream)
      return results
    }
    const isClosed =
      asked.some((one) => fields(one)['type'] === 'close') || this.#clock.now() - stream.begun > this.#limits.lifeMs
    const next = isClosed ? null : this.#wait(stream)
    if (isClosed) this.#end(stream)
    return `{"baton":${JSON.stringify(next)},"base_url":null,"results":${results}}`
  }

  /** All of them end, and what they have begun is rolled back. */
  close(): void {
    for (const stream of this.#all) {
      stream.keep()
      stream.connection.kill()
    }
    this.#all.clear()
    this.#waiting.clear()
    this.#takeSpare()?.kill()
  }

  #begin(): Stream | HranaError {
    if (this.#all.size >= this.#limits.streams)
      return {
        code: 'TOO_MANY_STREAMS',
        message: `${this.#all.size} streams are open, and no more are allowed: close one, or try again in a moment.`,
      }
    const connection = this.#takeSpare() ?? this.#open()
    const stream: Stream = { connection, begun: this.#clock.now(), keep: () => undefined }
    this.#all.add(stream)
    return stream
  }

  #resume(baton: unknown): Stream | HranaError {
    const stream = typeof baton === 'string' ? this.#waiting.get(baton) : undefined
    if (typeof baton !== 'string' || !stream)
      return { code: 'STREAM_EXPIRED', message: 'There is no such stream any more: begin another one.' }
    this.#waiting.delete(baton)
    stream.keep()
    return stream
  }

  #wait(stream: Stream): string {
    const baton = newToken()
    this.#waiting.set(baton, stream)
    stream.keep = this.#clock.after(this.#limits.idleMs, () => {
      this.#waiting.delete(baton)
      this.#end(stream)
    })
    return baton
  }

  #end(stream: Stream): void {
    if (!this.#all.delete(stream)) return
    const { connection } = stream
    if (connection.isGone) return
    if (this.#spare) return connection.kill()
    connection.endStream()
    const forget = this.#clock.after(this.#limits.idleMs, () => this.#takeSpare()?.kill())
    this.#spare = { connection, forget }
  }

  #takeSpare(): StreamConnection | undefined {
    const spare = this.#spare
    this.#spare = undefined
    spare?.forget()
    return spare?.connection.isGone === false ? spare.connection : undefined
  }
}
