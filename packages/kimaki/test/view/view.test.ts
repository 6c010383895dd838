/** What a thread should show, and in which order. */
import { expect, test } from 'vitest'
import type { FlushSlice } from '../../src/domain/conversation/features/flush.ts'
import { inTurn, type Conversation } from '../../src/domain/conversation/state.ts'
import { view } from '../../src/view/index.ts'
import { answer, conversation, text, tool } from '../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 1 } as const

const working = (parts: Parameters<typeof answer>[2], flush: FlushSlice = {}): Conversation =>
  conversation(
    {
      status: { kind: 'busy' },
      messages: [user, answer('msg_a', user, parts, { completed: undefined, finish: undefined })],
    },
    { features: { flush } },
  )

const shown = (state: Conversation): readonly string[] => view(state).map(({ key, closed }) => (closed ? key : `${key} (open)`))

test('an open text holds its place before a tool that already runs', () => {
  expect(shown(working([text('t', 'Half', false), tool('x', 'running')]))).toEqual(['part/t (open)', 'part/x'])
})

test('a text that was closed early does not hold back the tool that has overtaken it; its rest comes behind', () => {
  const parts = [text('t', 'Half and', false), tool('x', 'running')]
  expect(shown(working(parts, { t: 4 }))).toEqual(['part/t', 'part/x', 'part/t/rest (open)'])
  const closed = [text('t', 'Half and whole'), tool('x', 'completed')]
  expect(view(working(closed, { t: 4 })).map((block) => block.text)).toEqual(['⬥ Half', '┣ bash _ls_', '⬥ and whole'])
})

test('once the session is idle everything is closed', () => {
  const idle = inTurn(working([text('t', 'Half', false), tool('x', 'pending')]), { status: { kind: 'idle' } })
  expect(shown(idle)).toEqual(['part/t'])
})

test('of a summary of the session only the notice is shown that it was made', () => {
  const answered = working([text('t', 'Summary')])
  const messages = answered.turn.messages.map((message) =>
    message.kind === 'assistant' ? { ...message, summary: true } : message,
  )
  expect(view(inTurn(answered, { messages })).map(({ text }) => text)).toEqual([
    '⬦ the context is full: summing up what came before, then going on',
  ])
})
