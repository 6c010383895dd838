/** Text as speech: what the providers get, and what comes of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VoiceRefused } from '../../../src/base/errors.ts'
import { soundOf } from '../../../src/domain/message/voice/audio.ts'
import { providerOf } from '../../../src/host/voice/providers.ts'
import { speak, type Saying } from '../../../src/host/voice/speak.ts'
import { startSpeechProvider, type SpeechProvider } from '../../support/speech-provider.ts'

let server: SpeechProvider
beforeAll(async () => void (server = await startSpeechProvider()))
afterAll(() => server.stop())

async function say(environment: Readonly<Record<string, string>>, saying: Saying) {
  const provider = providerOf({ environment, saved: undefined, isLocal: false })
  if (provider === undefined || provider.kind === 'local') throw new Error('nobody speaks')
  return speak(provider, saying, environment, new AbortController().signal)
}

test('OpenAI gets the text, the voice, the style and the speed, and answers with an MP3 file', async () => {
  const environment = { OPENAI_API_KEY: server.key, OPENAI_BASE_URL: `${server.url}/v1` }
  const spoken = await say(environment, { text: 'hello', style: 'calm', speed: 1.5 })
  expect(spoken).toEqual({ kind: 'mp3', bytes: Buffer.from('mp3 of hello') })
  const wanted = { model: 'gpt-4o-mini-tts', input: 'hello', voice: 'alloy', instructions: 'calm', speed: 1.5 }
  expect(server.asked).toEqual({ ...wanted, response_format: 'mp3' })
})

test('Gemini gets text and voice, and what it answers becomes a WAV file', async () => {
  const environment = { GEMINI_API_KEY: server.key, GOOGLE_GEMINI_BASE_URL: server.url }
  const spoken = await say(environment, { text: 'hello', style: 'calm', voice: 'Puck' })
  expect(spoken).toMatchObject({ kind: 'wav' })
  expect(spoken instanceof Error ? spoken : soundOf(spoken.bytes)).toEqual({ kind: 'sound', mime: 'audio/wav', seconds: 0.1 })
  expect(JSON.stringify(server.asked)).toContain('calm: hello')
  expect(JSON.stringify(server.asked)).toContain('"voiceName":"Puck"')
})

test('a wrong key is told', async () => {
  const environment = { OPENAI_API_KEY: 'sk-wrong-key', OPENAI_BASE_URL: `${server.url}/v1` }
  expect(await say(environment, { text: 'hello' })).toBeInstanceOf(VoiceRefused)
})

test('for a voice message OpenAI is asked for Opus; Gemini cannot, and says what to do', async () => {
  const openAi = { OPENAI_API_KEY: server.key, OPENAI_BASE_URL: `${server.url}/v1` }
  expect(await say(openAi, { text: 'hello', isOpus: true })).toMatchObject({ kind: 'ogg' })
  expect(server.asked).toMatchObject({ response_format: 'opus' })
  const gemini = { GEMINI_API_KEY: server.key, GOOGLE_GEMINI_BASE_URL: server.url }
  expect(saidBy(await say(gemini, { text: 'hello', isOpus: true }))).toContain('ffmpeg')
})

const saidBy = (answer: unknown): string => (answer instanceof Error ? answer.message : JSON.stringify(answer))
