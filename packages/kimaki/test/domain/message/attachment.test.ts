import { expect, test } from 'vitest'
import { attachmentKind, INLINE_LIMIT, isInlined, isPastedText } from '../../../src/domain/message/attachment.ts'

test.each([
  ['text/plain', 'text'],
  ['text/plain; charset=utf-8', 'text'],
  ['Text/Markdown', 'text'],
  ['application/json', 'text'],
  ['application/xml', 'text'],
  ['application/javascript', 'text'],
  ['application/typescript', 'text'],
  ['application/x-yaml', 'text'],
  ['application/toml', 'text'],
  ['image/png', 'media'],
  ['image/heic', 'media'],
  ['application/pdf', 'media'],
  ['audio/ogg', 'other'],
  ['video/mp4', 'other'],
  ['application/zip', 'other'],
  ['', 'other'],
  ['x-text/plain', 'other'],
] as const)('a file of type %j is %s', (contentType, kind) => {
  expect(attachmentKind({ contentType })).toBe(kind)
})

test.each([
  ['notes.txt', 0, true],
  ['notes.txt', INLINE_LIMIT, true],
  ['notes.txt', INLINE_LIMIT + 1, false],
  ['prompt.md', INLINE_LIMIT + 1, true],
  ['not-prompt.md', INLINE_LIMIT + 1, false],
  ['message.txt', INLINE_LIMIT, true],
  ['message.txt', INLINE_LIMIT + 1, false],
])('%s of %d bytes stands in the prompt: %s', (name, size, expected) => {
  expect(isInlined({ name, size })).toBe(expected)
})

test.each([
  ['message.txt', 'text/plain; charset=utf-8', true],
  ['message.txt', 'image/png', false],
  ['message-1.txt', 'text/plain', false],
  ['Message.txt', 'text/plain', false],
])('%s of type %s is a pasted text: %s', (name, contentType, expected) => {
  expect(isPastedText({ name, contentType })).toBe(expected)
})
