/** Which files are speech, and what their bytes tell. */
import { describe, expect, test } from 'vitest'
import { opusWaveform, soundOf } from '../../../../src/domain/message/voice/audio.ts'
import { isSpeech } from '../../../../src/domain/message/voice/speech.ts'
import { vocabularyOf } from '../../../../src/domain/message/voice/vocabulary.ts'
import { recordingOf } from '../../../support/speech.ts'

describe('a file is speech', () => {
  test.each([
    ['voice-message.ogg', 'audio/ogg', 4],
    ['memo', 'audio/mp4', undefined],
    ['memo', 'AUDIO/MPEG; codecs=x', undefined],
    ['voice', 'application/octet-stream', 0],
    ['memo.M4A', 'application/octet-stream', undefined],
    ['memo.opus', '', undefined],
  ])('P-140: %s, %s, seconds %s', (name, contentType, seconds) =>
    expect(isSpeech({ name, contentType, ...(seconds !== undefined && { seconds }) })).toBe(true),
  )

  test.each([
    ['film.mp4', 'video/mp4'],
    ['film.mp4', 'application/octet-stream'],
    ['notes.txt', 'text/plain'],
    ['song.mp3', 'text/plain'],
  ])('not %s, %s', (name, contentType) => expect(isSpeech({ name, contentType })).toBe(false))
})

describe('the bytes of a recording', () => {
  const whole = recordingOf('hello', 4)

  test('tell its length', () => {
    expect(soundOf(whole)).toEqual({ kind: 'sound', mime: 'audio/ogg', seconds: 4 })
  })

  test('of a WAV file tell it, too', () => {
    const wav = Buffer.alloc(44 + 32_000)
    wav.write('RIFF')
    wav.write('WAVEfmt ', 8)
    wav.writeUInt32LE(32_000, 28)
    expect(soundOf(wav)).toEqual({ kind: 'sound', mime: 'audio/wav', seconds: 1 })
  })

  test.each([
    ['an MP3 file without a tag', [0xff, 0xfb, 0x90, 0x44], 'audio/mpeg'],
    ['AAC in ADTS', [0xff, 0xf1, 0x50, 0x80], 'audio/aac'],
    ['what a phone records', [0, 0, 0, 0x20, ...Buffer.from('ftypM4A ')], 'audio/mp4'],
  ])('tell what %s is', (_, bytes, mime) => {
    expect(soundOf(Uint8Array.from([...bytes, ...Array<number>(64).fill(0)]))).toMatchObject({ kind: 'sound', mime })
  })

  test.each([
    ['nothing', new Uint8Array(), 'is empty'],
    ['a text', Buffer.from('this is no recording at all'), 'is damaged, or no recording'],
    ['half of it', whole.subarray(0, whole.length - 20), 'is cut off'],
    ['less than a header', whole.subarray(0, 20), 'is cut off'],
    ['a page and garbage', Buffer.concat([whole, Buffer.from('garbage')]), 'is cut off'],
  ] as const)('$0: $2', (_, bytes, reason) => expect(soundOf(bytes)).toEqual({ kind: 'broken', reason }))
})

test('the vocabulary has agents, then names of the session that no dictionary has, newest first, then files, those on top first', () => {
  const said = ['Rename parseConfig in read_file.', 'and then the HTTP client again']
  const files = ['src/deep/inner.ts', 'README.md', '.gitignore']
  expect(vocabularyOf({ agents: ['build'], said, files })).toBe('build, HTTP, parseConfig, read_file, README.md, inner.ts')
  expect(vocabularyOf({ agents: [], said: [], files: [] })).toBe('')
})

test('the vocabulary is no longer than what providers read', () => {
  const files = Array.from({ length: 2000 }, (_, index) => `file-${index}.ts`)
  expect(vocabularyOf({ agents: [], said: [], files }).length).toBeLessThanOrEqual(700)
})

test('the waveform of an Ogg file of Opus has at most 256 points; other files have none', () => {
  expect(opusWaveform(recordingOf('', 1))).toHaveLength(50)
  expect(opusWaveform(recordingOf('', 60))).toEqual(new Uint8Array(256).fill(255))
  expect(opusWaveform(Buffer.from('ID3 something'))).toBeUndefined()
})
