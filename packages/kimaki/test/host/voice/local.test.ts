/** Speech written down on this machine, by the real model: needs what `kimaki voice install` sets up, in the data folder that KIMAKI_TEST_VOICE names, or `.ci/run` has made. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { VoiceRefused } from '../../../src/base/errors.ts'
import { soundOf } from '../../../src/domain/message/voice/audio.ts'
import { Listener } from '../../../src/host/voice/local/listener.ts'
import { isInstalled } from '../../../src/host/voice/local/place.ts'

const OF_CI = fileURLToPath(new URL('../../../../../node_modules/.cache/kimaki-voice', import.meta.url))
const given = process.env['KIMAKI_TEST_VOICE'] ?? OF_CI
const dataDir = isInstalled(given) ? given : undefined
if (dataDir === undefined) {
  if (process.env['CI'] === 'true') throw new Error('no model for speech: run kimaki voice install, and set KIMAKI_TEST_VOICE')
  process.stdout.write('no model for speech: tests of it are skipped (KIMAKI_TEST_VOICE)\n')
}

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const FIXTURE = readFileSync(join(import.meta.dirname, 'fixtures', 'speech.ogg'))

test('the recording of these tests is a whole Ogg file of three seconds', () => {
  expect(soundOf(FIXTURE)).toMatchObject({ kind: 'sound', mime: 'audio/ogg', seconds: 3.24 })
})

describe.skipIf(dataDir === undefined)('this machine', () => {
  const listener = new Listener({ dataDir: dataDir ?? '', environment: { PATH: '/nowhere' }, log })
  afterAll(() => listener.stop())
  const hear = async (bytes: Uint8Array, mime: string) => listener.listen({ bytes, mime }, new AbortController().signal)

  test('writes down what is spoken in a voice message', async () => {
    expect(saidBy(await hear(FIXTURE, 'audio/ogg'))).toMatch(/the plants and count the leaves/i)
  })

  test('reads no other kind of file without ffmpeg, and says so', async () => {
    const heard = await hear(FIXTURE, 'audio/mp4')
    expect(heard).toBeInstanceOf(VoiceRefused)
    expect(saidBy(heard)).toContain('Install ffmpeg')
  })

  test('says of a damaged recording that it is damaged, and goes on with the next', async () => {
    expect(await hear(Buffer.alloc(5000, 7), 'audio/mpeg')).toBeInstanceOf(VoiceRefused)
    expect(saidBy(await hear(FIXTURE, 'audio/ogg'))).toMatch(/leaves/i)
  })

  test('is ended when time is up, and begins anew for the next', async () => {
    const stopping = new AbortController()
    const heard = listener.listen({ bytes: FIXTURE, mime: 'audio/ogg' }, stopping.signal)
    stopping.abort(new Error('time is up'))
    await expect(heard).rejects.toThrow('time is up')
    expect(saidBy(await hear(FIXTURE, 'audio/ogg'))).toMatch(/leaves/i)
  })
})

const saidBy = (answer: unknown): string => (answer instanceof Error ? answer.message : JSON.stringify(answer))
