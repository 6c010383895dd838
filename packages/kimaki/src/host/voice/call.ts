/** One request to a provider of speech, and what its refusal means. */
import { VoiceRefused, VoiceUnavailable } from '../../base/errors.ts'
import { oneLine } from '../../base/text.ts'

export interface Called {
  /** As people call the provider. */
  readonly name: string
  readonly url: string
  readonly init: Pick<RequestInit, 'headers' | 'body'>
  readonly signal: AbortSignal
}

/** The answer with status 200, unread. Rejects only when the signal aborts. */
export async function call({ name, url, init, signal }: Called): Promise<Response | VoiceRefused | VoiceUnavailable> {
  try {
    // A key must not follow a redirect to somebody else.
    const response = await fetch(url, { ...init, method: 'POST', signal, redirect: 'error' })
    if (response.ok) return response
    return refusal(name, response.status, await response.text())
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return new VoiceUnavailable({ reason: `${name} does not answer: ${causeOf(error)}`, cause: error })
  }
}

/** What cannot be read as JSON of this shape is the fault of the provider, and may be otherwise the next time. */
export async function read<T>(name: string, response: Response, signal: AbortSignal): Promise<T | VoiceUnavailable> {
  try {
    return (await response.json()) as T
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return new VoiceUnavailable({ reason: `${name} sent an answer that cannot be read`, cause: error })
  }
}

function refusal(name: string, status: number, body: string): VoiceRefused | VoiceUnavailable {
  if (status === 401 || status === 403)
    return new VoiceRefused({ reason: `${name} does not take the key (${status}). Run /transcription-key to enter another one` })
  if (status === 413) return new VoiceRefused({ reason: `the recording is too large for ${name}` })
  if (status === 404) return new VoiceRefused({ reason: `${name} does not know this address or model (404)` })
  const why = wordsIn(body)
  // An account without money is told as too many requests, and does not get better by itself.
  const isEmpty = /insufficient_quota/.test(body)
  if ((status === 429 && !isEmpty) || status >= 500) return new VoiceUnavailable({ reason: `${name} refuses for now (${status})${why}` })
  return new VoiceRefused({ reason: `${name} refuses the recording (${status})${why}` })
}

/** OpenAI, Gemini and most others have the same shape of errors. */
function wordsIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly message?: unknown } | string }
    const words = typeof error === 'string' ? error : error?.message
    return typeof words === 'string' ? `: ${oneLine(words).slice(0, 200)}` : ''
  } catch {
    return ''
  }
}

const causeOf = (error: unknown): string => {
  const { cause, message } = error as Error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : message
}
