/** A prompt with other words: quotes and files stay, and ids with them. */
import { expect, test } from 'vitest'
import type { PromptPart } from '../../../src/domain/agent.ts'
import { rewordedParts } from '../../../src/domain/message/reword.ts'

const words = (text: string): PromptPart => ({ type: 'text', id: 'prt_a01', text })
const origin: PromptPart = { type: 'text', id: 'prt_a02', text: '<discord-user />', synthetic: true }
const file: PromptPart = { type: 'file', id: 'prt_a02', mime: 'image/png', filename: 'a.png', url: 'file:///a.png' }

test.each<[string, readonly PromptPart[], readonly [before: string, after: string], readonly PromptPart[] | undefined]>([
  ['the words alone', [words('one'), origin], ['one', 'two'], [words('two'), origin]],
  ['words before a quote', [words('one\n\n<quote/>'), file], ['one', 'two'], [words('two\n\n<quote/>'), file]],
  ['a quote that had no words', [words('<quote/>'), origin], ['', 'two'], [words('two\n\n<quote/>'), origin]],
  ['words that are taken away from a quote', [words('one\n\n<quote/>'), origin], ['one', ''], [words('<quote/>'), origin]],
  ['a message that had no text', [origin], ['', 'two'], [{ ...words('two'), id: 'prt_a00' }, origin]],
  ['words that are not ours', [words('You are to review one'), origin], ['one', 'two'], undefined],
  ['a message of which nothing would be left', [words('one'), origin], ['one', ' '], undefined],
  ['a command, which brings no parts', [], ['one', 'two'], undefined],
])('%s', (_what, parts, [before, after], expected) => {
  expect(rewordedParts(parts, before, after)).toEqual(expected)
})
