/** A person stops the run: what ends with it, what is kept, and when a press is void. */
import { expect, test } from 'vitest'
import { isWaiting, queue } from '../../../src/domain/conversation/features/queue.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { answer, conversation, delivered, GUILD, message, prompt } from '../../support/conversation.ts'

const first = { kind: 'user', id: 'msg_1', created: 10 } as const
const second = { kind: 'user', id: 'msg_2', created: 20 } as const
const begun = answer('msg_a', first, [], { created: 11, completed: undefined, finish: undefined })

/** The first is being answered, the second stands unread in the session, the third is on its way there, the fourth is queued. */
const working = conversation(
  {
    status: { kind: 'busy' },
    messages: [first, begun, second],
    prompts: [prompt(1, delivered('msg_1', 10)), prompt(2, delivered('msg_2', 20)), prompt(3, { kind: 'preparing' })],
  },
  { features: { queue: [{ id: 'discord:4', order: 4, message: message('m4'), acceptedAt: 1, phase: { kind: 'waiting' } }] } },
)

const press = (state: Conversation, customId: string): ReturnType<typeof step> =>
  step(state, {
    kind: 'pressed',
    at: 1,
    press: { id: '9', guildId: GUILD, channelId: '1', messageId: '8', customId, userId: '7', userName: 'ada' },
  })

const phases = ({ state }: ReturnType<typeof step>): readonly string[] => [
  ...state.turn.prompts.map(({ phase }) => (phase.kind === 'ended' ? phase.end.kind : phase.kind)),
  ...queue.of(state).map((item) => (isWaiting(item) ? 'queued' : item.phase.kind)),
]

test('Stop ends what the agent has read; what it has not read, and the queue, are kept', () => {
  const stopped = press(working, 'stop:msg_1')
  expect(phases(stopped)).toEqual(['stopped-by', 'delivered', 'preparing', 'queued'])
  expect(stopped.effects.map(({ kind }) => kind)).toEqual(['abort'])
})

test('Stop and drop ends what is unread, too, under one line; the queue is kept', () => {
  const stopped = press(working, 'stop-all:msg_1')
  expect(phases(stopped)).toEqual(['merged', 'merged', 'stopped-by', 'queued'])
  expect(stopped.effects).toMatchObject([{ kind: 'abort', drop: ['msg_2'] }])
})

test.each([
  ['the run is over', { status: { kind: 'idle' } }, 'stop:msg_1'],
  ['another question is under way', {}, 'stop:msg_2'],
  ['nothing of ours runs', { prompts: [] }, 'stop:msg_1'],
] as const)('is void when %s', (_when, changed, customId) => {
  const state = inTurn(working, changed)
  const pressed = press(state, customId)
  expect(pressed.effects.filter(({ kind }) => kind === 'abort')).toEqual([])
  expect(pressed.state.turn.prompts.some(({ phase }) => phase.kind === 'ended' && phase.end.kind === 'stopped-by')).toBe(false)
})

test('to drop what is unread is void when the run is over: what is on its way runs', () => {
  const over = inTurn(working, { status: { kind: 'idle' } })
  expect(phases(press(over, 'stop-all:msg_1'))).toEqual(phases(press(over, 'no button of ours')))
})

test('pressed twice it is one stop', () => {
  const once = press(working, 'stop-all:msg_1')
  const twice = press(once.state, 'stop-all:msg_1')
  expect(phases(twice)).toEqual(phases(once))
})
