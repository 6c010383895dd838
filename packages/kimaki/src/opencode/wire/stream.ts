/**
 * The one event stream of a server (`/global/event`: every directory). It is reopened for as long as it is not closed:
 *
 *     closed ──answer──▶ open ──first event──▶ flowing ──end, error, 25 s of silence──▶ closed (back-off 250 ms → 10 s)
 *
 * OpenCode replays nothing: whatever happened in between must be read. Its heartbeat comes every 10 s, so silence means that
 * the connection, or the server, is dead.
 */
import type { IncomingMessage } from 'node:http'
import { createParser } from 'eventsource-parser'
import { backoffMs } from '../../base/backoff.ts'
import type { BackoffLimits } from '../../base/backoff.ts'
import { isAbortError } from '../../base/errors.ts'
import { sleep, withDeadline } from '../../base/sleep.ts'
import type { Log } from '../../ports/host.ts'
import type { Http } from './http.ts'
import { parseJson } from './read.ts'

const SILENCE_MS = 25_000
const ANSWER_MS = 5_000
export const RECONNECT: BackoffLimits = { firstMs: 250, longestMs: 10_000 }

export interface EventStream {
  /** True when events flow, or begin to within `ms`; rejects when the signal aborts. */
  flows(ms: number, signal: AbortSignal): Promise<boolean>
  /** Resolves when nothing of the stream is left. */
  close(): Promise<void>
}

export interface StreamOptions {
  readonly http: Pick<Http, 'stream'>
  readonly log: Log
  /** Every event, parsed but not checked: `{ directory, payload: { type, properties } }`. */
  readonly onEvent: (event: unknown) => void
  readonly onConnected: () => void
  /** The stream broke, or could not be opened: so many times in a row. */
  readonly onBroken: (times: number) => void
  /** Default 25 s. */
  readonly silenceMs?: number
}

export function openStream(options: StreamOptions): EventStream {
  const stream = new ReopenedStream(options)
  stream.start()
  return stream
}

class ReopenedStream implements EventStream {
  readonly #options: StreamOptions
  readonly #closed = new AbortController()
  /** Resolves true with the first event of this connection, false when the stream is closed. */
  #flowing = Promise.withResolvers<boolean>()
  #running: Promise<void> = Promise.resolve()

  constructor(options: StreamOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = this.#run().catch((cause: unknown) => {
      if (!isAbortError(cause)) this.#options.log.error('the event stream has failed', { cause: String(cause) })
    })
  }

  async flows(ms: number, signal: AbortSignal): Promise<boolean> {
    if (this.#closed.signal.aborted) return false
    return (await withDeadline(this.#flowing.promise, ms, signal)) === true
  }

  close(): Promise<void> {
    this.#closed.abort()
    this.#flowing.resolve(false)
    return this.#running
  }

  async #run(): Promise<void> {
    const { http, onBroken } = this.#options
    const { signal } = this.#closed
    for (let failures = 1; !signal.aborted; failures += 1) {
      const response = await http.stream('/global/event', signal, ANSWER_MS)
      if (!(response instanceof Error) && (await this.#read(response))) {
        failures = 1
        this.#flowing = Promise.withResolvers()
      }
      if (signal.aborted) return
      onBroken(failures)
      await sleep(backoffMs(RECONNECT, failures), signal)
    }
  }

  /** Reads until the end of the response; true when at least one event came. */
  async #read(response: IncomingMessage): Promise<boolean> {
    const { log, onConnected, onEvent, silenceMs = SILENCE_MS } = this.#options
    let hasEvents = false
    const parser = createParser({
      onEvent: ({ data }) => {
        if (!hasEvents) {
          hasEvents = true
          this.#flowing.resolve(true)
          onConnected()
        }
        const event = parseJson(data)
        if (event !== undefined) onEvent(event)
      },
    })
    const destroy = () => void response.destroy()
    const watchdog = setTimeout(destroy, silenceMs)
    this.#closed.signal.addEventListener('abort', destroy, { once: true })
    response.setEncoding('utf8')
    try {
      for await (const piece of response) {
        watchdog.refresh()
        parser.feed(String(piece))
      }
    } catch (cause) {
      if (!this.#closed.signal.aborted) log.debug('the event stream broke', { cause: String(cause) })
    } finally {
      clearTimeout(watchdog)
      this.#closed.signal.removeEventListener('abort', destroy)
    }
    return hasEvents
  }
}
