/**
 * Calls to one OpenCode server: Basic auth, JSON both ways, a deadline on every call. `node:http` with an agent of its own rather than
 * `fetch`: its sockets can be closed with the server, and it never asks for gzip, which costs the server time.
 */
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { AgentRefused, AgentUnavailable } from '../../base/errors.ts'
import type { ConfigBroken, SessionGone } from '../../base/errors.ts'
import { ProvenConnections } from './http/proven-connections.ts'
import type { Listener } from './http/proven-connections.ts'
import { parseJson } from './read.ts'
import { refusalOf } from './http/refusal.ts'
import { requestTarget } from './target.ts'
import type { Target } from './target.ts'

export interface Call extends Target {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  /** Default 10 s; FIRST_TOUCH_MS where it may be the first call about a folder. */
  readonly deadlineMs?: number
  /** Without the password, as any other program would ask. */
  readonly anonymous?: true
}

/**
 * OpenCode prepares a folder at the first call about it: normally in a second or two, but with a plugin configured it
 * waits for an npm install, and gives that up after 70 s (measured) when the registry cannot be reached.
 */
export const FIRST_TOUCH_MS = 90_000
const DEFAULT_DEADLINE_MS = 10_000
/** Free sockets are closed after this: on a socket that the server closes just as we write, the outcome would be unknown. */
const KEEP_ALIVE_MS = 4_000

export interface Answer {
  /** Parsed, not checked; `undefined` for an empty body. */
  readonly json: unknown
  /** Cursor of the next page, where a list is cut. */
  readonly next: string | undefined
}

export type CallError = AgentUnavailable | ConfigBroken | SessionGone | AgentRefused

export interface Http {
  /** Rejects with an `AbortError` once the agent stops. */
  call(call: Call): Promise<Answer | CallError>
  /** Opens an event stream; the caller reads and destroys the response. */
  stream(path: string, signal: AbortSignal, deadlineMs: number): Promise<IncomingMessage | Error>
  /** Ends every call with `AgentUnavailable` and closes the sockets. */
  close(): void
}

export const sessionPath = (session: string, ...rest: readonly string[]): string =>
  ['/session', ...[session, ...rest].map(encodeURIComponent)].join('/')

export class HttpClient implements Http {
  readonly #authorization: string
  readonly #origin: { readonly host: string; readonly port: number }
  readonly #agent: ProvenConnections
  /** Each event stream has a connection of its own. */
  readonly #streams: ProvenConnections
  readonly #stopped: AbortSignal
  readonly #open = new Set<ClientRequest>()
  #closed = false

  /** `stopped`: the whole agent stops. `listener`: whose port it is, for a server that somebody else may stand in for. */
  constructor(
    server: { readonly port: number; readonly password: string },
    stopped: AbortSignal,
    listener: Listener = { isProven: () => true, isAlive: () => true },
  ) {
    this.#agent = new ProvenConnections(listener, { keepAlive: true, timeout: KEEP_ALIVE_MS })
    this.#streams = new ProvenConnections(listener)
    this.#authorization = `Basic ${Buffer.from(`opencode:${server.password}`).toString('base64')}`
    this.#origin = { host: '127.0.0.1', port: server.port }
    this.#stopped = stopped
  }

  async call(call: Call): Promise<Answer | CallError> {
    const { method, body, deadlineMs = DEFAULT_DEADLINE_MS, anonymous, ...target } = call
    const { path } = target
    this.#stopped.throwIfAborted()
    if (this.#closed) return new AgentUnavailable({ reason: 'OpenCode is not running' })
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const outgoing = request({
      ...this.#origin,
      agent: this.#agent,
      method,
      path: requestTarget(target),
      headers: {
        ...(!anonymous && { authorization: this.#authorization }),
        accept: 'application/json',
        ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }),
      },
    })
    const onStop = () => outgoing.destroy(new Error('stopped'))
    const onDeadline = () => outgoing.destroy(new Error(`no answer to ${method} ${path} within ${deadlineMs / 1000} s`))
    const timer = setTimeout(onDeadline, deadlineMs)
    this.#stopped.addEventListener('abort', onStop, { once: true })
    this.#open.add(outgoing)
    try {
      return answerOf(await exchange(outgoing, payload), `${method} ${path}`)
    } catch (cause) {
      this.#stopped.throwIfAborted()
      if (method === 'GET' && !this.#closed && wasClosedWhileFree(outgoing, cause)) return this.call(call)
      return new AgentUnavailable({ reason: `OpenCode: ${cause instanceof Error ? cause.message : String(cause)}` })
    } finally {
      clearTimeout(timer)
      this.#stopped.removeEventListener('abort', onStop)
      this.#open.delete(outgoing)
    }
  }

  stream(path: string, signal: AbortSignal, deadlineMs: number): Promise<IncomingMessage | Error> {
    return new Promise((resolve) => {
      const headers = { authorization: this.#authorization, accept: 'text/event-stream' }
      const outgoing = request({ ...this.#origin, agent: this.#streams, path, headers, signal })
      const timer = setTimeout(() => outgoing.destroy(new Error('no answer')), deadlineMs)
      // Stays for the whole life of the stream: an abort raises the error again on the request.
      outgoing.on('error', (error) => {
        clearTimeout(timer)
        resolve(error)
      })
      outgoing.once('response', (response) => {
        clearTimeout(timer)
        if (response.statusCode === 200 && response.headers['content-type']?.startsWith('text/event-stream')) {
          return resolve(response)
        }
        response.destroy()
        resolve(new Error(`status ${String(response.statusCode)}`))
      })
      outgoing.end()
    })
  }

  close(): void {
    this.#closed = true
    for (const outgoing of this.#open) outgoing.destroy(new Error('the server has ended'))
    this.#agent.destroy()
    // Open streams end by their own signal or with the server; one that still connects ends here.
    this.#streams.destroyConnecting()
  }
}

/**
 * The server closed the connection while nobody used it, and we had not seen that when we wrote: on a busy machine our own timer for free
 * sockets comes late. Only what changes nothing may be asked again.
 */
const wasClosedWhileFree = (outgoing: ClientRequest, cause: unknown): boolean =>
  outgoing.reusedSocket && cause instanceof Error && 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')

interface Reply {
  readonly response: IncomingMessage
  readonly body: string
}

function exchange(outgoing: ClientRequest, payload: Buffer | undefined): Promise<Reply> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.once('response', (response) => {
      readText(response).then((body) => resolve({ response, body }), reject)
    })
    outgoing.end(payload)
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let body = ''
  for await (const piece of response) body += String(piece)
  return body
}

/** OpenCode answers unknown paths with a web page and status 200, so the kind of the body counts as well. */
function answerOf({ response, body }: Reply, what: string): Answer | CallError {
  const status = response.statusCode ?? 0
  const json = body === '' ? undefined : parseJson(body)
  if (status < 200 || status > 299) return refusalOf(status, json)
  if (body !== '' && json === undefined) return new AgentRefused({ status, reason: `${what}: no JSON` })
  const next = response.headers['x-next-cursor']
  return { json, next: typeof next === 'string' && next !== '' ? next : undefined }
}
