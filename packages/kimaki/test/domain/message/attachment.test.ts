import { expect, test } from 'vitest'
import { attachedAs, INLINE_LIMIT, isPastedText, WORDS_LIMIT } from '../../../src/domain/message/attachment.ts'
import { bytes, HEIC, JPEG, PDF, PNG, utf16 } from './fixtures/files.ts'

const long = (size: number) => new Uint8Array(size).fill(0x61)

test.each([
  [
    'notes.txt',
    'text/plain; charset=utf-8',
    bytes('words'),
    { kind: 'inline', mime: 'text/plain; charset=utf-8', text: 'words' },
  ],
  ['main.rs', '', bytes('fn main() {}'), { kind: 'inline', mime: 'text/plain', text: 'fn main() {}' }],
  ['data.json', 'application/json', bytes('{}'), { kind: 'inline', mime: 'application/json', text: '{}' }],
  ['logo.svg', 'image/svg+xml', bytes('<svg/>'), { kind: 'inline', mime: 'image/svg+xml', text: '<svg/>' }],
  ['page.png', 'image/png', bytes('<!doctype html>'), { kind: 'inline', mime: 'text/plain', text: '<!doctype html>' }],
  ['photo.png', 'image/png', JPEG, { kind: 'media', mime: 'image/jpeg' }],
  ['scan', 'application/octet-stream', PDF, { kind: 'media', mime: 'application/pdf' }],
  ['photo.jpg', 'image/jpeg', HEIC, { kind: 'saved', mime: 'image/heic' }],
  ['old.txt', 'text/plain', bytes([0x47, 0xfc]), { kind: 'saved', mime: 'application/octet-stream' }],
  ['voice.ogg', 'audio/ogg', bytes([0, 255]), { kind: 'saved', mime: 'audio/ogg' }],
  ['log.txt', 'text/plain', utf16('PS C:\\>', 'le'), { kind: 'inline', mime: 'text/plain', text: 'PS C:\\>' }],
  ['empty.pdf', 'application/pdf', bytes(), { kind: 'broken', reason: 'is empty (0 bytes)' }],
  ['half.png', 'image/png', PNG.slice(0, 20), { kind: 'broken', reason: 'is damaged: it ends in the middle' }],
])('%s labelled %j is what its bytes say', (name, contentType, data, expected) => {
  expect(attachedAs({ name, contentType }, data)).toEqual(expected)
})

test('a long text in UTF-16 is saved in UTF-8, which the tools of the agent read', () => {
  const words = 'Grüße\n'.repeat(10_000)
  const saved = { kind: 'saved', mime: 'text/plain' }
  expect(attachedAs({ name: 'log.txt', contentType: 'text/plain' }, utf16(words, 'le'))).toStrictEqual({ ...saved, text: words })
  expect(attachedAs({ name: 'log.txt', contentType: 'text/plain' }, bytes(words, words))).toEqual(saved)
})

test.each([
  ['notes.txt', INLINE_LIMIT],
  ['not-prompt.md', INLINE_LIMIT],
  ['Message.txt', INLINE_LIMIT],
  ['message.txt', WORDS_LIMIT],
  ['prompt.md', WORDS_LIMIT],
])('%s stands in the prompt up to %d bytes, and is saved above', (name, limit) => {
  expect(attachedAs({ name, contentType: 'text/plain' }, long(limit)).kind).toBe('inline')
  expect(attachedAs({ name, contentType: 'text/plain' }, long(limit + 1)).kind).toBe('saved')
})

test.each([
  ['message.txt', 'text/plain; charset=utf-8', true],
  ['message.txt', 'image/png', false],
  ['message-1.txt', 'text/plain', false],
  ['Message.txt', 'text/plain', false],
])('%s of type %s is a pasted text: %s', (name, contentType, expected) => {
  expect(isPastedText({ name, contentType })).toBe(expected)
})
