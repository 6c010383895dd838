/** When a step is stopped for a message that waits. */
import { expect, test } from 'vitest'
import type { PromptPhase } from '../../../src/domain/conversation/prompt.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { answer, conversation, delivered, prompt, SESSION, text } from '../../support/conversation.ts'

const accepted = { acceptedAt: 1000 }

const first = { kind: 'user', id: 'msg_1', created: 10 } as const
const second = { kind: 'user', id: 'msg_2', created: 20 } as const

/** The first is being answered, the second waits. */
const waiting = conversation({
  status: { kind: 'busy' },
  messages: [first, answer('msg_a', first, [text('prt_1', 'Well', false)], { completed: undefined, finish: undefined }), second],
  prompts: [prompt(1, delivered('msg_1', 10), accepted), prompt(2, delivered('msg_2', 20), accepted)],
})

const alarmAt = (state: Conversation, at: number): ReturnType<typeof step> =>
  step(state, { kind: 'alarm', owner: 'run', name: 'interrupt-due', at })
const alarm = (delayMs: number) => ({ kind: 'set-alarm', owner: 'run', name: 'interrupt-due', delayMs })

test('three seconds after it arrived the step is stopped; the session is read a little before', () => {
  expect(alarmAt(waiting, 3900).effects).toEqual([])
  expect(alarmAt(waiting, 3980).effects).toMatchObject([{ kind: 'interrupt', messageId: 'msg_2', stepId: 'msg_a', due: 4000 }])
})

test('not while a newer message is being submitted: what is posted again would stand behind it', () => {
  const sending: PromptPhase = { kind: 'sending', messageId: 'msg_3', parts: [], resends: 0 }
  const prompts = [...waiting.turn.prompts, prompt(3, sending, accepted)]
  const { effects, actions } = alarmAt(inTurn(waiting, { prompts }), 4000)
  expect(effects).toEqual([])
  expect(actions).toContainEqual(alarm(100))
})

test('a step that has not said anything yet is left alone, and looked at again', () => {
  const silent = answer('msg_a', first, [], { completed: undefined, finish: undefined })
  const { effects, actions } = alarmAt(inTurn(waiting, { messages: [first, silent, second] }), 4000)
  expect(effects).toEqual([])
  expect(actions).toContainEqual(alarm(100))
})

test('a message that is told only after its submission has ended is watched as well', () => {
  const untold = inTurn(waiting, { messages: waiting.turn.messages.filter(({ id }) => id !== 'msg_2') })
  const told = step(untold, { kind: 'agent', at: 1500, event: { kind: 'message', session: SESSION, message: second } })
  expect(told.actions).toContainEqual(alarm(2420))
})

test('the end of an earlier stop does not end the one under way', () => {
  const stopping = alarmAt(waiting, 3980)
  const [effect] = stopping.effects
  if (effect?.kind !== 'interrupt') throw new Error('no stop')
  const earlier = { ...effect, key: 'interrupt/msg_0/0', promptId: 'discord:0', messageId: 'msg_0' }
  const { state } = step(stopping.state, { kind: 'outcome', at: 4000, effect: earlier, outcome: { kind: 'aborted' } })
  expect(state.turn.interrupting).toBe('discord:2')
})

test('what is posted again is answered by whom it was meant for (P-007)', () => {
  const answeredBy = { agent: 'plan', model: { provider: 'p', model: 'm', variant: 'high' } }
  const begins = { name: 'btw: what', session: { id: SESSION, upTo: 1, answeredBy }, copyOf: { threadId: '9', session: 'ses_9' } }
  const state = inTurn(waiting, {
    prompts: waiting.turn.prompts.map((known) => (known.order === 2 ? { ...known, begins } : known)),
  })
  const [effect] = alarmAt(state, 3980).effects
  if (effect?.kind !== 'interrupt') throw new Error('no stop')
  const stopped = step(inTurn(state, { interrupting: 'discord:2' }), {
    kind: 'outcome',
    at: 4000,
    effect,
    outcome: { kind: 'aborted' },
  })
  expect(stopped.effects).toMatchObject([{ kind: 'prompt', messageId: 'msg_2', resend: true, answeredBy }])
})
