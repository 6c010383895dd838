/**
 * One request to a provider of speech, and what its refusal means. By Node's own client: a recording of two hours takes longer than the five
 * minutes after which `fetch` gives up on an answer.
 */
import { request as requestByHttp, type IncomingMessage } from 'node:http'
import { request as requestByHttps } from 'node:https'
import { VoiceRefused, VoiceUnavailable } from '../../base/errors.ts'
import { oneLine } from '../../base/text.ts'

export interface Called {
  /** As people call the provider. */
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly signal: AbortSignal
}

/** An answer with a status of success; redirects are refusals, so that a key goes to nobody else. Rejects only when the signal aborts. */
export async function call({ name, signal, ...called }: Called): Promise<Buffer | VoiceRefused | VoiceUnavailable> {
  try {
    const { status, body } = await exchange({ ...called, signal })
    return status >= 200 && status < 300 ? body : refusal(name, status, body.toString())
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const { code, message } = error as NodeJS.ErrnoException
    return new VoiceUnavailable({ reason: `${name} does not answer: ${code ?? message}`, cause: error })
  }
}

/** What cannot be read as JSON is the fault of the provider, and may be otherwise the next time. */
export function read(name: string, body: Buffer): object | VoiceUnavailable {
  try {
    return { ...(JSON.parse(body.toString()) as object) }
  } catch (error) {
    return new VoiceUnavailable({ reason: `${name} sent an answer that cannot be read`, cause: error })
  }
}

interface Exchanged {
  readonly status: number
  readonly body: Buffer
}

function exchange({ url, headers, body, signal }: Omit<Called, 'name'>): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestByHttps : requestByHttp
    const sent = request(url, { method: 'POST', headers: { ...headers, 'content-length': body.length }, signal }, (response) => {
      wholeOf(response).then((whole) => resolve({ status: response.statusCode ?? 0, body: whole }), reject)
    })
    sent.on('error', reject).end(body)
  })
}

async function wholeOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > MOST_BYTES) throw new Error('the answer is too long')
  }
  return Buffer.concat(chunks)
}

/** Two hours of speech are 150 kB of words; speech that is made has at most some minutes. */
const MOST_BYTES = 32 * 1024 * 1024

function refusal(name: string, status: number, body: string): VoiceRefused | VoiceUnavailable {
  if (status === 401 || status === 403)
    return new VoiceRefused({ reason: `${name} does not take the key (${status}). Run /transcription-key to enter another one` })
  if (status === 413) return new VoiceRefused({ reason: `the recording is too large for ${name}` })
  if (status === 404) return new VoiceRefused({ reason: `${name} does not know this address or model (404)` })
  const why = wordsIn(body)
  // An account without money is told as too many requests, and does not get better by itself.
  const isEmpty = /insufficient_quota/.test(body)
  if ((status === 429 && !isEmpty) || status >= 500)
    return new VoiceUnavailable({ reason: `${name} refuses for now (${status})${why}` })
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
