/** A session that was deleted outside Kimaki: the thread goes on in a new one, and says so. */
import { expect, test } from 'vitest'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { OpenSession, SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import type { PromptPhase } from '../../../src/domain/conversation/prompt.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import type { Change } from '../../../src/domain/conversation/change.ts'
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, delivered, message, prompt, SESSION, user } from '../../support/conversation.ts'

const effectOf = <E extends Effect>({ effects }: Change, kind: E['kind']): E => {
  const effect = effects.find((each) => each.kind === kind)
  if (!effect) throw new Error(`no ${kind}`)
  return effect as E
}
const texts = ({ state }: Change): readonly string[] => view(state).map(({ text }) => text)
const gone: Input = { kind: 'unreadable', at: 9, text: '✗ gone', final: true, isGone: true }

test('the next message begins a new session, with a word, and is run there once', () => {
  const asked = step(conversation(), { kind: 'message', at: 1, order: 1, message: message('go', { id: '5' }) })
  const first = effectOf<SubmitPrompt>(asked, 'prompt')
  const left = step(asked.state, { kind: 'outcome', at: 2, effect: first, outcome: { kind: 'session-gone' } })
  expect(texts(left)).toEqual([expect.stringContaining('deleted outside Kimaki: a new one begins')])
  const opening = effectOf<OpenSession>(left, 'open-session')
  const opened = step(left.state, {
    kind: 'outcome',
    at: 3,
    effect: opening,
    outcome: { kind: 'session-opened', session: 'ses_2' },
  })
  const again = effectOf<SubmitPrompt>(opened, 'prompt')
  expect(again).toMatchObject({ session: 'ses_2', parts: first.parts, resend: true })
  expect(again.key).not.toBe(first.key)
})

test('a command of the agent is not repeated: it is to be sent again', () => {
  const command = { name: 'review', args: '' }
  const sending: PromptPhase = { kind: 'sending', messageId: 'msg_1', parts: [], resends: 0 }
  const state = conversation({ prompts: [prompt(1, sending, { command })] })
  const effect = { key: 'p', kind: 'prompt', owner: 'run', promptId: 'discord:1', session: SESSION } as const
  const left = step(state, { kind: 'outcome', at: 2, effect, outcome: { kind: 'session-gone' } })
  expect(left.effects).toEqual([])
  expect(texts(left)).toContainEqual(expect.stringContaining('✗ not run: the session was deleted'))
})

test('what ran in it ends, and is not said to be not run', () => {
  const running = conversation({
    prompts: [prompt(1, delivered('msg_1', 10))],
    messages: [user('msg_1', 10)],
    status: { kind: 'busy' },
    isSynced: false,
  })
  const left = step(running, gone)
  expect(texts(left)).toEqual([expect.stringContaining('deleted outside Kimaki before it had answered')])
  expect(texts(left).join()).not.toContain('not run')
  expect(left.state).toMatchObject({ session: { kind: 'none' }, turn: { isSynced: true, status: { kind: 'idle' } } })
})

test('a message that waited behind it goes to the new session', () => {
  const running = conversation({
    prompts: [prompt(1, delivered('msg_1', 10)), prompt(2, { kind: 'ready', prepared: [] })],
    messages: [user('msg_1', 10)],
    isSynced: false,
  })
  const left = step(running, gone)
  expect(effectOf<OpenSession>(left, 'open-session').key).toContain('discord:2')
  expect(left.state.turn.prompts[1]?.phase.kind).toBe('ready')
})

test('told twice, it is left once', () => {
  const left = step(conversation(), gone)
  expect(step(left.state, gone).state.session).toEqual({ kind: 'none' })
  expect(texts(step(left.state, gone))).toHaveLength(1)
})
