/** One call to the process that listens on the lock port. */
import { request } from 'node:http'

export interface ControlCall {
  readonly port: number
  readonly token: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  readonly timeoutMs: number
}

export type ControlAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  /** A program answers that does not speak HTTP with JSON: it is not kimaki. */
  | { readonly kind: 'foreign' }
  /** No process listens, or none answers in time. */
  | { readonly kind: 'silent'; readonly reason: string }

export function callControl({ port, token, method, path, body, timeoutMs }: ControlCall): Promise<ControlAnswer> {
  return new Promise((resolve) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('error', (error) => resolve({ kind: 'silent', reason: error.message }))
        response.on('end', () => resolve(readAnswer(response.statusCode ?? 0, text)))
      },
    )
    call.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code?.startsWith('HPE_')
          ? { kind: 'foreign' }
          : { kind: 'silent', reason: error.code === 'ABORT_ERR' ? 'no answer in time' : error.message },
      ),
    )
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function readAnswer(status: number, text: string): ControlAnswer {
  try {
    return { kind: 'answer', status, body: JSON.parse(text) as unknown }
  } catch {
    return { kind: 'foreign' }
  }
}
