/** When a step is stopped for a message that waits. */
import { expect, test } from 'vitest'
import type { Prompt, PromptPhase } from '../../../src/domain/conversation/prompt.ts'
import { beginConversation, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { CHANNEL, GUILD, SESSION, answer, message, text } from '../../support/conversation.ts'

const seen = (id: string, created: number): PromptPhase => ({ kind: 'seen', created, messageId: id, parts: [], resends: 0 })
const prompt = (order: number, phase: PromptPhase): Prompt => ({
  id: `discord:${order}`,
  order,
  message: message(`m${order}`),
  acceptedAt: 1000,
  phase,
})

const first = { kind: 'user', id: 'msg_1', created: 10 } as const
const second = { kind: 'user', id: 'msg_2', created: 20 } as const

/** The first is being answered, the second waits. */
const waiting: Conversation = {
  ...beginConversation({
    id: '1',
    install: 'i',
    guildId: GUILD,
    channelId: CHANNEL,
    directory: '/p',
    verbosity: 'text_and_essential_tools',
    inThread: true,
  }),
  session: { kind: 'open', id: SESSION },
  mirrored: true,
  status: { kind: 'busy' },
  messages: [first, answer('msg_a', first, [text('prt_1', 'Well', false)], { completed: undefined, finish: undefined }), second],
  prompts: [prompt(1, seen('msg_1', 10)), prompt(2, seen('msg_2', 20))],
}

const wakeAt = (state: Conversation, at: number): ReturnType<typeof step> => step(state, { kind: 'wake', why: 'waiting', at })

test('three seconds after it arrived the step is stopped; the session is read a little before', () => {
  expect(wakeAt(waiting, 3900).effects).toEqual([])
  expect(wakeAt(waiting, 3980).effects).toMatchObject([{ kind: 'interrupt', messageId: 'msg_2', stepId: 'msg_a', due: 4000 }])
})

test('not while a newer message is being handed over: what is posted again would stand behind it', () => {
  const handing: PromptPhase = { kind: 'handing', messageId: 'msg_3', parts: [], resends: 0 }
  const { effects, hints } = wakeAt({ ...waiting, prompts: [...waiting.prompts, prompt(3, handing)] }, 4000)
  expect(effects).toEqual([])
  expect(hints).toContainEqual({ kind: 'wake', why: 'waiting', delayMs: 100 })
})

test('a step that has not said anything yet is left alone, and looked at again', () => {
  const silent = answer('msg_a', first, [], { completed: undefined, finish: undefined })
  const { effects, hints } = wakeAt({ ...waiting, messages: [first, silent, second] }, 4000)
  expect(effects).toEqual([])
  expect(hints).toContainEqual({ kind: 'wake', why: 'waiting', delayMs: 100 })
})

test('a message that is told only after its hand-over has ended is watched as well', () => {
  const untold: Conversation = { ...waiting, messages: waiting.messages.filter(({ id }) => id !== 'msg_2') }
  const told = step(untold, { kind: 'agent', at: 1500, event: { kind: 'message', session: SESSION, message: second } })
  expect(told.hints).toContainEqual({ kind: 'wake', why: 'waiting', delayMs: 2420 })
})

test('the end of an earlier stop does not end the one under way', () => {
  const stopping = wakeAt(waiting, 3980)
  const [effect] = stopping.effects
  if (effect?.kind !== 'interrupt') throw new Error('no stop')
  const earlier = { ...effect, key: 'interrupt/msg_0/0', promptId: 'discord:0', messageId: 'msg_0' }
  const { state } = step(stopping.state, { kind: 'outcome', at: 4000, effect: earlier, outcome: { kind: 'aborted' } })
  expect(state.interrupting).toBe('discord:2')
})

test('what is posted again is answered by whom it was meant for (P-007)', () => {
  const as = { agent: 'plan', model: { provider: 'p', model: 'm', variant: 'high' } }
  const aside = { from: '9', parent: 'ses_9', fork: { session: SESSION, upTo: 1, as }, name: 'btw: what' }
  const state = { ...waiting, prompts: waiting.prompts.map((one) => (one.order === 2 ? { ...one, aside } : one)) }
  const [effect] = wakeAt(state, 3980).effects
  if (effect?.kind !== 'interrupt') throw new Error('no stop')
  const stopped = step(
    { ...state, interrupting: 'discord:2' },
    { kind: 'outcome', at: 4000, effect, outcome: { kind: 'aborted' } },
  )
  expect(stopped.effects).toMatchObject([{ kind: 'prompt', messageId: 'msg_2', resend: true, as }])
})
