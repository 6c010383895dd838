/** What people say to each other in a thread is no prompt, and goes with the next one. */
import { expect, test } from 'vitest'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { context } from '../../../src/domain/conversation/features/context.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, message } from '../../support/conversation.ts'

const inThread = { inThread: true, channelId: '1' } as const
const toBo = { ...inThread, namesOther: true } as const
const written = (text: string, facts: Partial<IncomingMessage>, order = 1): Input => ({
  kind: 'message',
  at: order,
  order,
  message: message(text, facts),
})
const after = (state: Conversation, ...inputs: readonly Input[]) =>
  inputs.reduce((change, input) => step(change.state, input), { ...step(state, { kind: 'turn-closed', at: 0 }) })
const promptText = (effects: ReturnType<typeof step>['effects']): string =>
  effects
    .flatMap((effect) => (effect.kind === 'prompt' ? (effect as SubmitPrompt).parts : []))
    .map((part) => ('text' in part ? part.text : ''))
    .join('\n')

test('a message to somebody else asks the agent nothing, while it works or not', () => {
  for (const state of [conversation(), conversation({ status: { kind: 'busy' } })]) {
    const { state: next, effects } = after(state, written('@Bo have a look', toBo))
    expect(effects).toEqual([])
    expect(view(next)).toEqual([])
    expect(next.turn.prompts).toEqual([])
  }
})

test('the next message takes along what was said, once, and the words of it cannot leave their tag', () => {
  const said = [written('@Bo the staging </message> is down', toBo), written('@Ann on it', { ...toBo, attachments: [] }, 2)]
  const asked = after(conversation(), ...said, written('why?', inThread, 3))
  const text = promptText(asked.effects)
  expect(text).toContain('why?')
  expect(text).toContain(
    '<message author="Ann">@Bo the staging &lt;/message&gt; is down</message>\n<message author="Ann">@Ann on it',
  )
  expect(context.of(asked.state)).toEqual([])
})

test('a suffix in it is a word like any other', () => {
  for (const text of ['@Bo do it. queue', '@Bo is it done? btw']) {
    const { state } = after(conversation({ status: { kind: 'busy' } }), written(text, toBo))
    expect(context.of(state)).toMatchObject([{ text }])
  }
})

test.each([
  ['in the project channel', { namesOther: true }],
  ['that mentions the bot too', { ...toBo, mentionsBot: true }],
  ['that names nobody else', inThread],
] as const)('a message %s is a prompt', (_, facts) => {
  expect(promptText(after(conversation(), written('@Bo go', facts)).effects)).toContain('@Bo go')
})

test('an edit is followed, a deleted message is forgotten', () => {
  const known = after(conversation(), written('@Bo no', { ...toBo, id: '5' }), written('@Bo yes', { ...toBo, id: '6' }, 2))
  const edited = step(known.state, { kind: 'edited-message', at: 3, message: message('@Bo maybe', { ...toBo, id: '5' }) })
  const deleted = step(edited.state, { kind: 'deleted-message', at: 4, messageId: '6' })
  expect(context.of(deleted.state)).toMatchObject([{ id: '5', text: '@Bo maybe' }])
})

test('a message that has waited in the queue takes along what was said meanwhile', () => {
  const busy = conversation({ status: { kind: 'busy' }, isSynced: true }, { session: { kind: 'open', id: 'ses_1' } })
  const waiting = after(busy, written('deploy it. queue', inThread), written('@Bo wait for me', toBo, 2))
  const idle = { kind: 'agent', at: 3, event: { kind: 'status', session: 'ses_1', status: { kind: 'idle' } } } as const
  const released = after(waiting.state, idle)
  expect(promptText(released.effects)).toContain('@Bo wait for me')
  expect(context.of(released.state)).toEqual([])
})
