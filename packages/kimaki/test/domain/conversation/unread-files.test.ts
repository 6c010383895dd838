/** Files that the agent does not get are told by name; a message of nothing else is not run. */
import { expect, test } from 'vitest'
import type { Prepare } from '../../../src/domain/conversation/run/effects.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import type { PreparedAttachment } from '../../../src/domain/message/prompt.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, message } from '../../support/conversation.ts'

const file = { id: '1', name: 'a.png', contentType: 'image/png', size: 0, url: 'u' }
const failed = (name: string): PreparedAttachment => ({ kind: 'failed', name, reason: 'is empty (0 bytes)' })
const image: PreparedAttachment = {
  kind: 'file',
  name: 'b.png',
  mime: 'image/png',
  url: 'file:///b.png',
  sourceUrl: 'https://cdn/b',
}

function prepared(text: string, files: readonly PreparedAttachment[]) {
  const sent = message(text, { id: '5', attachments: [file] })
  const { state, effects } = step(conversation(), { kind: 'message', at: 1, order: 1, message: sent })
  const effect = effects.find((each): each is Prepare => each.kind === 'prepare')
  if (!effect) throw new Error('nothing is prepared')
  return step(state, { kind: 'outcome', at: 2, effect, outcome: { kind: 'prepared', prepared: files } })
}

test('the thread names each, and the rest of the message is run', () => {
  const { state, effects } = prepared('look', [failed('a.png'), failed('c_d.pdf'), image])
  expect(view(state).map(({ text }) => text)).toEqual([
    '⬦ **a.png** is empty (0 bytes)\n⬦ **c\\_d.pdf** is empty (0 bytes)\nThe agent does not get it: send a whole copy.',
  ])
  expect(effects.map(({ kind }) => kind)).toContain('prompt')
})

test('nothing is told of files that can be read', () => {
  expect(view(prepared('look', [image]).state)).toEqual([])
})

test('a message of nothing but broken files is not run', () => {
  const { state, effects } = prepared('', [failed('a.png')])
  expect(effects).toEqual([])
  expect(view(state).map(({ text }) => text)).toEqual([
    expect.stringContaining('**a.png** is empty'),
    expect.stringContaining('not run: the message has no words, and none of its files could be read'),
  ])
})
