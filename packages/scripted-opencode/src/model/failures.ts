/** What a provider does wrong, as OpenCode tells it, and whether it asks again. */
import type { IncomingMessage } from 'node:http'
import { record, text } from '../base/json.ts'
import type { NamedError } from '../store/shapes.ts'

export interface ModelFailure {
  readonly error: NamedError
  /** What a retry says; `undefined`: it is not asked again. */
  readonly retry: string | undefined
  /** What the provider wants to be waited for, in ms. */
  readonly waitMs: number | undefined
  /** The request was too long for the model. */
  readonly isOverflow: boolean
}

/** Bytes that are no event stream. */
export class UnreadableAnswer extends Error {
  readonly failure: ModelFailure

  constructor(bytes: string, cause: string) {
    super('the answer is no event stream')
    this.failure = failed({
      name: 'UnknownError',
      data: { message: `JSON parsing failed: Text: ${bytes}.\nError message: ${cause}` },
    })
  }
}

const OVERFLOW = /maximum context length|context_length_exceeded|prompt is too long|exceeds the context window/i

export function apiFailure(url: string, { statusCode: status = 0, headers }: IncomingMessage, body: string): ModelFailure {
  const said = messageIn(body) ?? body
  if (status === 400 && OVERFLOW.test(body)) {
    return { ...failed({ name: 'ContextOverflowError', data: { message: said, responseBody: body } }), isOverflow: true }
  }
  const isRetryable = status === 408 || status === 409 || status === 429 || status >= 500
  const data = { message: said, statusCode: status, isRetryable, responseHeaders: headers, responseBody: body, metadata: { url } }
  const retry = !isRetryable ? undefined : said.includes('Overloaded') ? 'Provider is overloaded' : said
  return { ...failed({ name: 'APIError', data }), retry, waitMs: waitOf(headers) }
}

export const unreachable = (url: string): ModelFailure =>
  connectionFailure(url, 'Unable to connect. Is the computer able to access the url?')

export const lostConnection = (url: string): ModelFailure =>
  connectionFailure(
    url,
    'The socket connection was closed unexpectedly. For more information, pass `verbose: true` in the second argument to fetch()',
  )

function connectionFailure(url: string, why: string): ModelFailure {
  const message = `Cannot connect to API: ${why}`
  return { ...failed({ name: 'APIError', data: { message, isRetryable: true, metadata: { url } } }), retry: message }
}

const failed = (error: NamedError): ModelFailure => ({ error, retry: undefined, waitMs: undefined, isOverflow: false })

function messageIn(body: string): string | undefined {
  try {
    const { error } = record(JSON.parse(body))
    return text(record(error)['message'])
  } catch {
    return undefined
  }
}

function waitOf(headers: IncomingMessage['headers']): number | undefined {
  const [ms, seconds] = [Number(headers['retry-after-ms']), Number(headers['retry-after'])]
  if (Number.isFinite(ms)) return ms
  return Number.isFinite(seconds) ? seconds * 1000 : undefined
}
