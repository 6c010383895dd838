/** Who writes speech down: which provider is asked, what it gets, what its refusals mean, and where the key is kept. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { UsageError, VoiceRefused, VoiceUnavailable } from '../../../src/base/errors.ts'
import { Secrets } from '../../../src/base/redact.ts'
import { createTranscriber } from '../../../src/host/voice/transcriber.ts'
import { byKey, providerOf } from '../../../src/host/voice/providers.ts'
import type { Recording, Transcriber } from '../../../src/ports/voice/transcriber.ts'
import { recordingOf } from '../../support/speech.ts'
import { startSpeechProvider, type SpeechProvider } from '../../support/speech-provider.ts'

let server: SpeechProvider
let dataDir: string
beforeAll(async () => void (server = await startSpeechProvider()))
afterAll(() => server.stop())
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'kimaki-voice-'))))
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const made = (environment: Readonly<Record<string, string>>, secrets = new Secrets()): Transcriber =>
  createTranscriber({ dataDir, environment, secrets, log })
const ogg = (words: string): Recording => ({ bytes: recordingOf(words), mime: 'audio/ogg' })
const hear = async (transcriber: Transcriber, words: string, signal = new AbortController().signal) =>
  transcriber.transcribe(ogg(words), 'parseConfig, build', signal)

const openAi = () => made({ OPENAI_API_KEY: server.key, OPENAI_BASE_URL: `${server.url}/v1/` })
const gemini = () => made({ GEMINI_API_KEY: server.key, GOOGLE_GEMINI_BASE_URL: server.url })

describe.each([
  ['OpenAI', openAi],
  ['Gemini', gemini],
] as const)('%s', (name, transcriber) => {
  test('gets the recording, and the words that may occur', async () => {
    expect(await transcriber().provider()).toBe(name)
    expect(await hear(transcriber(), 'water the plants')).toBe('water the plants')
    expect(JSON.stringify(server.asked)).toContain('parseConfig, build')
  })

  test('is told to be exact: the temperature is 0', async () => {
    await hear(transcriber(), 'x')
    expect(JSON.stringify(server.asked)).toMatch(/"temperature":"?0/)
  })

  test('understood nothing: an empty text', async () => expect(await hear(transcriber(), '')).toBe(''))

  test.each([
    [400, VoiceRefused, `${name} refuses the recording (400): no`],
    [401, VoiceRefused, `${name} does not take the key (401)`],
    [404, VoiceRefused, `${name} does not know this address or model`],
    [413, VoiceRefused, `too large for ${name}`],
    [429, VoiceUnavailable, `${name} refuses for now (429): no`],
    [500, VoiceUnavailable, `${name} refuses for now (500): no`],
  ] as const)('refuses with %i', async (status, kind, words) => {
    server.refuseOnce(status)
    const answer = await hear(transcriber(), 'x')
    expect(answer).toBeInstanceOf(kind)
    expect(saidBy(answer)).toContain(words)
  })

  test('without money is not asked again', async () => {
    server.refuseOnce(429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } })
    expect(await hear(transcriber(), 'x')).toBeInstanceOf(VoiceRefused)
  })

  test('answers what cannot be read', async () => {
    server.refuseOnce(200, '<html>')
    expect(await hear(transcriber(), 'x')).toBeInstanceOf(VoiceUnavailable)
  })

  test('is told to stop', async () => {
    const { release, reached } = server.hold(`slow ${name}`)
    const stopping = new AbortController()
    const answer = hear(transcriber(), `slow ${name}`, stopping.signal)
    await reached
    stopping.abort(new Error('time is up'))
    await expect(answer).rejects.toThrow('time is up')
    release()
  })
})

test('nobody listens at the address', async () => {
  const transcriber = made({ KIMAKI_TRANSCRIPTION_URL: 'http://127.0.0.1:9/v1' })
  expect(saidBy(await hear(transcriber, 'x'))).toMatch(/127\.0\.0\.1:9 does not answer: /)
})

test('Gemini takes no more than 14 MB: nothing is sent', async () => {
  const bytes = new Uint8Array(14 * 1024 * 1024 + 1)
  expect(await gemini().transcribe({ bytes, mime: 'audio/ogg' }, '', new AbortController().signal)).toBeInstanceOf(VoiceRefused)
})

test('a server that speaks as OpenAI does is asked with its own key, or none', async () => {
  const transcriber = made({ KIMAKI_TRANSCRIPTION_URL: `${server.url}/v1`, KIMAKI_TRANSCRIPTION_KEY: server.key })
  expect(await hear(transcriber, 'hello')).toBe('hello')
  expect(server.asked).toMatchObject({ model: 'whisper-1' })
  expect(await hear(made({ KIMAKI_TRANSCRIPTION_URL: `${server.url}/v1` }), 'x')).toBeInstanceOf(VoiceRefused)
})

test('a key is sent nowhere else: a redirect is no answer', async () => {
  server.refuseOnce(307, '')
  expect(await hear(openAi(), 'x')).toBeInstanceOf(Error)
})

describe('who is asked', () => {
  const saved = { key: 'sk-saved' }
  const environment = { OPENAI_API_KEY: 'sk-env', GEMINI_API_KEY: 'AIza' }
  const nameOf = (facts: Partial<Parameters<typeof providerOf>[0]>): string | undefined =>
    providerOf({ environment: {}, saved: undefined, isLocal: false, ...facts })?.name

  test('an address of the operator, then the key that was entered, then this machine, then keys of the environment', () => {
    const KIMAKI_TRANSCRIPTION_URL = 'https://speech.example/v1'
    expect(nameOf({ environment: { ...environment, KIMAKI_TRANSCRIPTION_URL }, saved, isLocal: true })).toBe('speech.example')
    expect(nameOf({ environment, saved: { ...saved, url: 'https://own.example' }, isLocal: true })).toBe('own.example')
    expect(nameOf({ environment: { GEMINI_API_KEY: 'AIza' }, saved, isLocal: true })).toBe('OpenAI')
    expect(nameOf({ environment, isLocal: true })).toBe('this machine (Moonshine)')
    expect(nameOf({ environment })).toBe('OpenAI')
    expect(nameOf({ environment: { GEMINI_API_KEY: 'AIza' } })).toBe('Gemini')
    expect(nameOf({})).toBeUndefined()
  })

  test('a key tells whose it is', () => {
    expect(byKey('AIzaSyExample', {}, undefined).name).toBe('Gemini')
    expect(byKey('sk-proj-example', {}, undefined).name).toBe('OpenAI')
  })
})

describe('the key that is entered', () => {
  const KEY = 'sk-c4nary-0123456789'

  test('is a file for its user alone, is told to nobody, counts at once, and goes when it is removed', async () => {
    const secrets = new Secrets()
    const transcriber = made({ OPENAI_BASE_URL: `${server.url}/v1` }, secrets)
    const changed = transcriber.changed()
    expect(transcriber.setKey({ key: KEY })).toBeUndefined()
    await changed
    const file = join(dataDir, 'voice.json')
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
    expect(secrets.clean(`said ${KEY}`)).not.toContain(KEY)
    expect(await transcriber.provider()).toBe('OpenAI')
    expect(transcriber.setKey(undefined)).toBeUndefined()
    expect(await transcriber.provider()).toBeUndefined()
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })

  test('is known to be secret from the start on', () => {
    made({}).setKey({ key: KEY })
    const secrets = new Secrets()
    made({}, secrets)
    expect(secrets.clean(KEY)).not.toContain(KEY)
  })

  test.each([
    ['open to others', (file: string) => (writeFileSync(file, JSON.stringify({ key: KEY })), chmodSync(file, 0o644))],
    ['a link', (file: string) => symlinkSync('/dev/null', file)],
    ['no key', (file: string) => writeFileSync(file, '{}', { mode: 0o600 })],
  ])('is not used where its file is %s', async (_, make) => {
    make(join(dataDir, 'voice.json'))
    expect(await made({}).provider()).toBeInstanceOf(UsageError)
  })
})

const saidBy = (answer: unknown): string => (answer instanceof Error ? answer.message : JSON.stringify(answer))
