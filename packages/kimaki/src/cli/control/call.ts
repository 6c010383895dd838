/** One call to the process that serves the control socket of a data folder, and one look at who holds a lock port. */
import { request, type RequestOptions } from 'node:http'
import { TryLater, UsageError } from '../../base/errors.ts'
import { openSocketPath } from './socket.ts'

export interface ControlCall {
  readonly dataDir: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  readonly timeoutMs: number
}

export type ControlAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  /** A program answers that does not speak HTTP with JSON: it is not kimaki. */
  | { readonly kind: 'foreign' }
  /** No process serves it. */
  | { readonly kind: 'nobody' }
  /** The connection broke before an answer came: its process ended. What was asked may have been done. */
  | { readonly kind: 'broken' }
  /** None answers in time. */
  | { readonly kind: 'silent'; readonly reason: string }

/** There is no socket, or a bot that was killed has left it; the folder is not there. */
const NOBODY: readonly (string | undefined)[] = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK']
/** A process that closes its socket resets the calls that it has not taken yet, and those it is at. */
const BROKEN: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE']

export async function callControl({ dataDir, body, timeoutMs, ...call }: ControlCall): Promise<ControlAnswer> {
  try {
    const socket = openSocketPath(dataDir)
    if (socket instanceof Error) return { kind: 'nobody' }
    const answer = ask({ ...call, socketPath: socket.path }, body, timeoutMs)
    // The connection has been begun: the path is not read any more.
    socket.release()
    return await answer
  } catch (error) {
    return troubleOf(error as NodeJS.ErrnoException)
  }
}

/** Whoever listens there may be a stranger: nothing is sent but the question. */
export const lookAtPort = async (port: number, timeoutMs: number): Promise<ControlAnswer> =>
  ask({ host: '127.0.0.1', port, method: 'GET', path: '/' }, undefined, timeoutMs)

function ask(options: RequestOptions, body: unknown, timeoutMs: number): Promise<ControlAnswer> {
  return new Promise((resolve) => {
    const call = request({ ...options, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (text.length > LONGEST_ANSWER) call.destroy()
      })
      response.on('error', (error) => resolve(troubleOf(error)))
      response.on('end', () => resolve(readAnswer(response.statusCode ?? 0, text)))
    })
    call.on('error', (error: NodeJS.ErrnoException) => resolve(troubleOf(error)))
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Characters. A stranger on the port may send without end. */
const LONGEST_ANSWER = 64 * 2 ** 20

function troubleOf({ code, message }: NodeJS.ErrnoException): ControlAnswer {
  if (code?.startsWith('HPE_')) return { kind: 'foreign' }
  if (NOBODY.includes(code)) return { kind: 'nobody' }
  if (BROKEN.includes(code)) return { kind: 'broken' }
  return { kind: 'silent', reason: code === 'ABORT_ERR' ? 'no answer in time' : message }
}

function readAnswer(status: number, text: string): ControlAnswer {
  try {
    return { kind: 'answer', status, body: JSON.parse(text) as unknown }
  } catch {
    return { kind: 'foreign' }
  }
}

/** 400: the request itself is at fault, and asking again is of no use. 503: it may be done later. */
export function refusalOf(status: number, body: unknown): Error {
  if (status === 404) return new Error('the kimaki that runs does not know this: it is of another version. Start it anew.')
  const reason = (body as { readonly error?: string } | undefined)?.error ?? `the bot answered ${status}`
  if (status === 400) return new UsageError({ reason })
  return status === 503 ? new TryLater({ reason }) : new Error(reason)
}
