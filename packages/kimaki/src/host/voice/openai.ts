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
  const headers = key === '' ? {} : { authorization: `Bearer ${key}` }
  const response = await call({ name, url: `${url}/audio/transcriptions`, init: { headers, body: form }, signal })
  if (response instanceof Error) return response
  const answer = await read<{ readonly text?: unknown }>(name, response, signal)
  return answer instanceof Error ? answer : typeof answer.text === 'string' ? answer.text.trim() : ''
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
