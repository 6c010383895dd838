/**
 * Calls to one OpenCode server: Basic auth, JSON both ways, a deadline on every call. `node:http` with an agent of our own
 * rather than `fetch`: its sockets can be closed with the server, and it never asks for gzip, which costs the server time.
 */
import { Agent, request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { AgentResult } from '../../ports/agent.ts'
import { parse } from './json.ts'
import { refusalOf } from './refusal.ts'
import { STOPPED, done, failed, unavailable } from './result.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Begins with `/`; its variable pieces are already encoded. */
  readonly path: string
  /** The project the call is about; without it OpenCode takes the server's own folder. */
  readonly directory?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Default 10 s; FIRST_TOUCH_MS where it may be the first call about a folder. */
  readonly deadlineMs?: number
}

/**
 * OpenCode prepares a folder at the first call about it: normally in a second or two, but with a plugin configured it
 * waits for an npm install, and gives that up after 70 s (measured) when the registry cannot be reached.
 */
export const FIRST_TOUCH_MS = 90_000

interface Answer {
  /** `undefined` for an empty body. */
  readonly json: unknown
  /** Cursor of the next page, where a list is cut. */
  readonly next: string | undefined
}

export interface Http {
  call(call: Call): Promise<AgentResult<Answer>>
  /** Opens an event stream; the caller reads and destroys the response. */
  stream(path: string, signal: AbortSignal, deadlineMs: number): Promise<IncomingMessage | Error>
  /** Ends every call with 'unavailable' and closes the sockets. */
  close(): void
}

/** `stopped`: the end of the whole agent; calls then end with the failure 'stopped'. */
export function createHttp(server: { readonly port: number; readonly password: string }, stopped: AbortSignal): Http {
  const authorization = `Basic ${Buffer.from(`opencode:${server.password}`).toString('base64')}`
  const origin = { host: '127.0.0.1', port: server.port }
  // Free sockets go after 4 s: a server that closes one just as we write on it would leave the outcome unknown.
  const agent = new Agent({ keepAlive: true, timeout: 4_000 })
  const open = new Set<ClientRequest>()
  let closed = false

  function call({ method, path, directory, query, body, deadlineMs = 10_000 }: Call): Promise<AgentResult<Answer>> {
    if (stopped.aborted) return Promise.resolve(STOPPED)
    if (closed) return Promise.resolve(unavailable('OpenCode is not running'))
    const search = new URLSearchParams({ ...query, ...(directory === undefined ? {} : { directory }) }).toString()
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    return new Promise((resolve) => {
      const outgoing = request({
        ...origin,
        agent,
        method,
        path: search === '' ? path : `${path}?${search}`,
        headers: {
          authorization,
          accept: 'application/json',
          ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }),
        },
      })
      const give = (result: AgentResult<Answer>) => {
        clearTimeout(timer)
        stopped.removeEventListener('abort', stop)
        open.delete(outgoing)
        resolve(result)
      }
      const stop = () => outgoing.destroy(new Error('stopped'))
      const late = () => outgoing.destroy(new Error(`no answer to ${method} ${path} within ${deadlineMs / 1000} s`))
      const timer = setTimeout(late, deadlineMs)
      stopped.addEventListener('abort', stop, { once: true })
      open.add(outgoing)
      const fail = (error: Error) => give(stopped.aborted ? STOPPED : unavailable(`OpenCode: ${error.message}`))
      outgoing.on('error', fail)
      outgoing.once('response', (response) => {
        readText(response).then((body) => give(read(response, body, method, path)), fail)
      })
      outgoing.end(payload)
    })
  }

  function stream(path: string, signal: AbortSignal, deadlineMs: number): Promise<IncomingMessage | Error> {
    return new Promise((resolve) => {
      const headers = { authorization, accept: 'text/event-stream' }
      const outgoing = request({ ...origin, agent: false, path, headers, signal })
      const timer = setTimeout(() => outgoing.destroy(new Error('no answer')), deadlineMs)
      // Stays for the whole life of the stream: an abort raises it again on the request.
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

  function close(): void {
    closed = true
    for (const outgoing of open) outgoing.destroy(new Error('the server has ended'))
    agent.destroy()
  }

  return { call, stream, close }
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let body = ''
  for await (const piece of response) body += piece as string
  return body
}

/** Unknown paths are answered with a web page and status 200, so the type of the body counts as well. */
function read(response: IncomingMessage, body: string, method: string, path: string): AgentResult<Answer> {
  const status = response.statusCode ?? 0
  const json = body === '' ? undefined : parse(body)
  if (status < 200 || status > 299) return failed(refusalOf(status, json))
  if (body !== '' && json === undefined) return failed({ kind: 'refused', status, message: `${method} ${path}: no JSON` })
  const next = response.headers['x-next-cursor']
  return done({ json, next: typeof next === 'string' && next !== '' ? next : undefined })
}
