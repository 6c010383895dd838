/** OpenAI's route for speech, `POST /audio/transcriptions`, which many other servers have, too. */
import type { VoiceRefused, VoiceUnavailable } from '../../base/errors.ts'
import type { Recording } from '../../ports/voice/transcriber.ts'
import { call, read } from './call.ts'
import type { Provider } from './providers.ts'

export async function transcribeByOpenAi(
  { name, url, key, model }: Extract<Provider, { readonly kind: 'openai' }>,
  { bytes, mime }: Recording,
  vocabulary: string,
  signal: AbortSignal,
): Promise<string | VoiceRefused | VoiceUnavailable> {
  const form = new FormData()
  // The end of the name tells the server what it is.
  form.set('file', new Blob([new Uint8Array(bytes)], { type: mime }), `recording.${ENDINGS[mime] ?? 'ogg'}`)
  form.set('model', model)
  form.set('response_format', 'json')
  form.set('temperature', '0')
  if (vocabulary !== '') form.set('prompt', vocabulary)
  // What goes over the wire, and the boundary that stands in its type.
  const sent = new Response(form)
  const headers = {
    'content-type': sent.headers.get('content-type') ?? '',
    ...(key !== '' && { authorization: `Bearer ${key}` }),
  }
  const body = new Uint8Array(await sent.arrayBuffer())
  const answer = await call({ name, url: `${url}/audio/transcriptions`, headers, body, signal })
  if (answer instanceof Error) return answer
  const told: { readonly text?: unknown } | VoiceUnavailable = read(name, answer)
  if (told instanceof Error) return told
  return typeof told.text === 'string' ? told.text.trim() : ''
}

const ENDINGS: Readonly<Record<string, string>> = {
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/webm': 'webm',
  'audio/flac': 'flac',
  'audio/aac': 'aac',
}
