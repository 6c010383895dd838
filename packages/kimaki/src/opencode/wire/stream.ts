/**
 * The one event stream of a server (`/global/event`: every directory). It is reopened for as long as the server lives:
 *
 *     closed ──answer──▶ open ──first event──▶ heard ──end, error, 25 s of silence──▶ closed (back-off 250 ms → 10 s)
 *
 * OpenCode replays nothing: what happened in between must be read. Its heartbeat comes every 10 s, so silence means that
 * the connection, or the server, is dead.
 */
import type { IncomingMessage } from 'node:http'
import { createParser } from 'eventsource-parser'
import type { Log } from '../../ports/host.ts'
import type { Http } from './http.ts'
import { parse } from './json.ts'
import { pause, within } from './wait.ts'

const SILENCE_MS = 25_000
const ANSWER_MS = 5_000

export interface EventStream {
  /** True when events flow, or begin to within `ms`. */
  flowing(ms: number, signal: AbortSignal): Promise<boolean>
  /** Resolves when nothing of it is left. */
  close(): Promise<void>
}

export interface StreamOptions {
  readonly http: Http
  readonly log: Log
  /** Every event, parsed: `{ directory, payload: { type, properties } }`. */
  readonly heard: (event: unknown) => void
  readonly connected: () => void
  /** Each time it breaks or cannot be opened; how often in a row. */
  readonly broken: (times: number) => void
  /** Default 25 s. */
  readonly silenceMs?: number
}

export function openStream(options: StreamOptions): EventStream {
  const { http, log, heard, connected, broken, silenceMs = SILENCE_MS } = options
  const closed = new AbortController()
  let flow = Promise.withResolvers<true>()

  /** Reads until the end of the response; true when anything was heard. */
  async function read(response: IncomingMessage): Promise<boolean> {
    let any = false
    const parser = createParser({
      onEvent({ data }) {
        if (!any) {
          any = true
          flow.resolve(true)
          connected()
        }
        const event = parse(data)
        if (event !== undefined) heard(event)
      },
    })
    const watchdog = setTimeout(() => response.destroy(), silenceMs)
    const stop = () => response.destroy()
    closed.signal.addEventListener('abort', stop, { once: true })
    response.setEncoding('utf8')
    try {
      for await (const piece of response) {
        watchdog.refresh()
        parser.feed(piece as string)
      }
    } catch (cause) {
      if (!closed.signal.aborted) log.debug('the event stream broke', { cause: String(cause) })
    } finally {
      clearTimeout(watchdog)
      closed.signal.removeEventListener('abort', stop)
    }
    return any
  }

  async function run(): Promise<void> {
    for (let tries = 0; !closed.signal.aborted; tries += 1) {
      const response = await http.stream('/global/event', closed.signal, ANSWER_MS)
      if (!(response instanceof Error) && (await read(response))) {
        tries = 0
        flow = Promise.withResolvers()
      }
      if (closed.signal.aborted) return
      broken(tries + 1)
      await pause(reconnectDelay(tries), closed.signal)
    }
  }

  const running = run()
  return {
    flowing: async (ms, signal) => (await within(flow.promise, ms, AbortSignal.any([signal, closed.signal]))) === true,
    close() {
      closed.abort()
      return running
    },
  }
}

export const reconnectDelay = (tries: number): number => Math.min(10_000, 250 * 2 ** tries)
