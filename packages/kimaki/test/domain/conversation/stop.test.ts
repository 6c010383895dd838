/** A person stops the run: what ends with it, what is kept, and when a press is void. */
import { describe, expect, test } from 'vitest'
import type { AgentEvent } from '../../../src/domain/agent.ts'
import { isWaiting, queue } from '../../../src/domain/conversation/features/queue.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { answer, busy, conversation, delivered, GUILD, idle, message, prompt, says, tool } from '../../support/conversation.ts'

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
    order: 9,
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

describe('a plugin of the user, or a terminal, stops the run', () => {
  const aborted = { name: 'MessageAbortedError', message: 'Aborted', status: undefined, provider: undefined }
  const asked = conversation({ prompts: [prompt(1, delivered('msg_1', 10))], messages: [first] })
  const stopped = answer('msg_a', first, [], { finish: undefined, failure: aborted })
  const told = (state: Conversation, ...events: readonly AgentEvent[]): readonly ReturnType<typeof step>[] =>
    events.reduce<readonly ReturnType<typeof step>[]>(
      (steps, event) => [...steps, step(steps.at(-1)?.state ?? state, { kind: 'agent', at: 1, event })],
      [],
    )
  const lines = (state: Conversation): readonly string[] => view(state).map(({ text }) => text)

  test('before it has begun: one line, and the message is never posted again, however often the session is read', () => {
    const steps = told(asked, busy, says(stopped), says(stopped), idle)
    const snapshot = { status: { kind: 'idle' }, messages: [first, stopped], title: undefined } as const
    let state = steps.at(-1)?.state ?? asked
    for (const at of [1, 2000, 4000, 6000]) {
      const read = step(state, { kind: 'snapshot', at, snapshot, meanwhile: [] })
      expect(read.effects).toEqual([])
      state = read.state
    }
    expect(steps.flatMap(({ effects }) => effects)).toEqual([])
    expect(state.turn.prompts.map(({ phase }) => phase)).toEqual([{ kind: 'ended', end: { kind: 'stopped-elsewhere' } }])
    expect(lines(state).filter((line) => line.includes('stopped outside of Discord'))).toHaveLength(1)
  })

  test('in a tool: one line, which does not say that it was cut off', () => {
    const working = answer('msg_a', first, [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
    const begun = inTurn(asked, { messages: [first, working], status: { kind: 'busy' } })
    const state = told(begun, says(stopped), idle).at(-1)?.state ?? begun
    expect(state.turn.prompts.map(({ phase }) => phase)).toEqual([{ kind: 'ended', end: { kind: 'stopped-elsewhere' } }])
  })

  test('while a newer message waits: that one is not ended, and runs', () => {
    const state = told(working, says({ ...begun, completed: 12, failure: aborted })).at(-1)?.state ?? working
    expect(state.turn.prompts.map(({ phase }) => phase.kind)).toEqual(['delivered', 'delivered', 'preparing'])
  })

  test('red control: read back after a restart it may have been cut off, and is posted again', () => {
    const unread = inTurn(asked, { isSynced: false })
    const snapshot = { status: { kind: 'idle' }, messages: [first, stopped], title: undefined } as const
    const suspected = step(unread, { kind: 'snapshot', at: 1, snapshot, meanwhile: [] }).state
    const sure = step(suspected, { kind: 'snapshot', at: 2000, snapshot, meanwhile: [] })
    expect(sure.effects.map(({ kind }) => kind)).toEqual(['prompt'])
  })
})
