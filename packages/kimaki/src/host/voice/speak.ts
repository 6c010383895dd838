/** Text as speech, by OpenAI's route `POST /audio/speech`, which other servers have, too, or by Gemini. */
import { VoiceRefused, type VoiceUnavailable } from '../../base/errors.ts'
import { call, read } from './call.ts'
import type { Environment, Provider } from './providers.ts'

export interface Saying {
  readonly text: string
  /** By the names of the provider; without it one that it always has. */
  readonly voice?: string | undefined
  /** How it is to be said; Gemini reads it as a part of the text. */
  readonly style?: string | undefined
  /** 0.25 to 4; only OpenAI has it. */
  readonly speed?: number | undefined
  /** As Discord wants a voice message: Ogg with Opus. Gemini cannot. */
  readonly isOpus?: boolean
}

export interface Speech {
  readonly bytes: Uint8Array
  readonly kind: 'mp3' | 'wav' | 'ogg'
}

type Speaker = Exclude<Provider, { readonly kind: 'local' }>

/** Rejects only when the signal aborts. */
export async function speak(
  provider: Speaker,
  saying: Saying,
  environment: Environment,
  signal: AbortSignal,
): Promise<Speech | VoiceRefused | VoiceUnavailable> {
  const model = environment['KIMAKI_SPEECH_MODEL']?.trim() || undefined
  return provider.kind === 'openai' ? byOpenAi(provider, saying, model, signal) : byGemini(provider, saying, model, signal)
}

async function byOpenAi(
  { name, url, key }: Speaker,
  { text, voice = 'alloy', style, speed, isOpus = false }: Saying,
  model = 'gpt-4o-mini-tts',
  signal: AbortSignal,
): Promise<Speech | VoiceRefused | VoiceUnavailable> {
  const asked = { model, input: text, voice, instructions: style, speed, response_format: isOpus ? 'opus' : 'mp3' }
  const headers = { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) }
  const bytes = await call({ name, url: `${url}/audio/speech`, headers, body: Buffer.from(JSON.stringify(asked)), signal })
  return bytes instanceof Error ? bytes : { bytes, kind: isOpus ? 'ogg' : 'mp3' }
}

interface Answer {
  readonly candidates?: readonly {
    readonly content?: {
      readonly parts?: readonly { readonly inlineData?: { readonly data?: string; readonly mimeType?: string } }[]
    }
  }[]
}

async function byGemini(
  { name, url, key }: Speaker,
  { text, voice = 'Kore', style, isOpus }: Saying,
  model = 'gemini-2.5-flash-preview-tts',
  signal: AbortSignal,
): Promise<Speech | VoiceRefused | VoiceUnavailable> {
  if (isOpus)
    return new VoiceRefused({ reason: `${name} makes no Ogg file: write a .wav file, and convert it with ffmpeg -c:a libopus` })
  const asked = {
    contents: [{ parts: [{ text: style === undefined ? text : `${style}: ${text}` }] }],
    generationConfig: {
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } },
    },
  }
  const headers = { 'content-type': 'application/json', 'x-goog-api-key': key }
  const address = `${url}/v1beta/models/${model}:generateContent`
  const told = await call({ name, url: address, headers, body: Buffer.from(JSON.stringify(asked)), signal })
  if (told instanceof Error) return told
  const answer: Answer | VoiceUnavailable = read(name, told)
  if (answer instanceof Error) return answer
  const sound = answer.candidates?.[0]?.content?.parts?.find(({ inlineData }) => inlineData)?.inlineData
  if (!sound?.data) return new VoiceRefused({ reason: `${name} sent no sound` })
  const rate = Number(/rate=(\d+)/.exec(sound.mimeType ?? '')?.[1] ?? 24_000)
  return { bytes: wavOf(Buffer.from(sound.data, 'base64'), rate), kind: 'wav' }
}

/** One channel of 16 bits, which is what Gemini sends without a header. */
function wavOf(pcm: Buffer, rate: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF')
  header.writeUInt32LE(36 + pcm.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(pcm.length, 40)
  return Buffer.concat([header, pcm])
}
