/** `/abort`: the sentence a person reads for each state of the thread, and what it does. */
import { describe, expect, test } from 'vitest'
import { runCommand } from '../../src/commands/index.ts'
import type { Change } from '../../src/domain/conversation/change.ts'
import type { QueuedMessage } from '../../src/domain/conversation/features/queue.ts'
import type { Prompt, PromptPhase } from '../../src/domain/conversation/prompt.ts'
import type { CommandInvocation } from '../../src/domain/conversation/request.ts'
import type { Reply } from '../../src/domain/conversation/reply.ts'
import { inTurn, type Conversation } from '../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../src/domain/conversation/step.ts'
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts'
import { answer, conversation, delivered, GUILD, message, prompt, SESSION, user } from '../support/conversation.ts'

const RULES = { ...DEFAULT_RULES, runCommand }

const invoked = (unread?: 'keep' | 'drop'): CommandInvocation => ({
  id: '77',
  applicationId: '5',
  token: 't',
  name: 'abort',
  options: unread ? { unread } : {},
  guildId: GUILD,
  channelId: '1',
  userId: '7',
  userName: 'ada',
})

const run = (state: Conversation, unread?: 'keep' | 'drop'): Change =>
  step(state, { kind: 'command', order: 1, at: 1, command: invoked(unread) }, RULES)

const replyOf = ({ effects }: Change): string | undefined =>
  effects.filter((effect): effect is Reply => effect.kind === 'reply').map(({ text }) => text)[0]

const aborts = ({ effects }: Change) => effects.filter(({ kind }) => kind === 'abort')
const phases = ({ state }: Change): readonly string[] =>
  state.turn.prompts.map(({ phase }) => (phase.kind === 'ended' ? phase.end.kind : phase.kind))

const first = user('msg_1', 10)
const begun = answer('msg_a', first, [], { created: 11, completed: undefined, finish: undefined })
const taken = prompt(1, delivered('msg_1', 10))
const unread2 = prompt(2, delivered('msg_2', 20))
const preparing = prompt(3, { kind: 'preparing' })
const sendingPhase: PromptPhase = { kind: 'sending', messageId: 'msg_4', parts: [], resends: 0 }
const sending = prompt(4, sendingPhase)

const queued = (...orders: readonly number[]): readonly QueuedMessage[] =>
  orders.map((order) => ({
    id: `discord:${order}`,
    order,
    message: message(`m${order}`),
    acceptedAt: 1,
    phase: { kind: 'waiting' },
  }))

/** The agent answers the first message. */
const busy = (prompts: readonly Prompt[] = [], queue: readonly QueuedMessage[] = []): Conversation =>
  conversation(
    {
      status: { kind: 'busy' },
      messages: [first, begun, ...(prompts.includes(unread2) ? [user('msg_2', 20)] : [])],
      prompts: [taken, ...prompts],
    },
    { features: { queue } },
  )

const retrying = inTurn(busy(), { status: { kind: 'retry', attempt: 1, message: 'busy', next: 5 } })
const elsewhere = (prompts: readonly Prompt[] = []): Conversation =>
  conversation({ status: { kind: 'busy' }, messages: [first, begun], prompts })
const without = conversation({}, { session: { kind: 'none' } })
const onTheWay = (...prompts: readonly Prompt[]): Conversation => conversation({ prompts })
const done = answer('msg_a', first, [], { created: 11 })

describe('the sentence, and whether anything is asked of the run', () => {
  test.each<[string, Conversation, 'keep' | 'drop' | undefined, string, boolean]>([
    ['no session', without, undefined, '⬦ nothing to stop: this thread has no session yet\nWrite a message to begin one.', false],
    ['idle', conversation(), undefined, '⬦ nothing to stop: the agent is idle', false],
    ['idle, to drop', conversation(), 'drop', '⬦ nothing to stop: the agent is idle', false],
    [
      'answered, and its footer is still being collected',
      conversation({ messages: [first, done], prompts: [taken] }),
      undefined,
      '⬦ nothing to stop: the agent is idle',
      false,
    ],
    [
      'its files are being fetched',
      onTheWay(preparing),
      undefined,
      '⬦ nothing runs yet: one message is on its way to the agent\nTo stop it, run `/abort` again in a moment. To take it back, run it with `unread: drop` now.',
      false,
    ],
    [
      'two are on their way',
      onTheWay(sending, preparing),
      'keep',
      '⬦ nothing runs yet: 2 messages are on their way to the agent\nTo stop them, run `/abort` again in a moment. To take them back, run it with `unread: drop` now.',
      false,
    ],
    [
      'being submitted',
      onTheWay(sending),
      undefined,
      '⬦ nothing runs yet: one message is on its way to the agent\nTo stop it, run `/abort` again in a moment.',
      false,
    ],
    ['its files are being fetched, to drop', onTheWay(preparing), 'drop', '⬦ took back one message the agent had not read', true],
    [
      'two are being fetched behind one that is submitted, to drop',
      onTheWay(sending, preparing, prompt(5, { kind: 'preparing' })),
      'drop',
      '⬦ took back 2 messages the agent had not read\nWhat was written before is with the agent already: to stop it, run `/abort` again in a moment.',
      true,
    ],
    [
      'being submitted, to drop',
      onTheWay(sending),
      'drop',
      '⬦ nothing to take back: what was written is with the agent already\nTo stop it, run `/abort` again in a moment.',
      false,
    ],
    ['busy', busy(), undefined, '⬦ stopped the run', true],
    ['busy, to drop, and nothing is unread', busy(), 'drop', '⬦ stopped the run', true],
    ['one unread', busy([unread2]), 'keep', '⬦ stopped the run\nNext: one message the agent had not read.', true],
    ['two unread', busy([unread2, preparing]), 'keep', '⬦ stopped the run\nNext: 2 messages the agent had not read.', true],
    ['one unread, to drop', busy([unread2]), 'drop', '⬦ stopped the run\nTook back one message the agent had not read.', true],
    [
      'two unread, to drop',
      busy([unread2, preparing]),
      'drop',
      '⬦ stopped the run\nTook back 2 messages the agent had not read.',
      true,
    ],
    [
      'one unread and one that is being submitted, to drop',
      busy([unread2, sending]),
      'drop',
      '⬦ stopped the run\nTook back one message the agent had not read. Next: one message already on the way.',
      true,
    ],
    ['a queue', busy([], queued(6)), undefined, '⬦ stopped the run\nNext: one message from the queue.', true],
    [
      'unread ones and a queue',
      busy([unread2], queued(6, 7)),
      undefined,
      '⬦ stopped the run\nNext: one message the agent had not read, then 2 messages from the queue.',
      true,
    ],
    ['retrying', retrying, undefined, '⬦ stopped: the provider is not asked again', true],
    ['a run of a terminal', elsewhere(), undefined, '⬦ stopped a run that was begun outside this thread', true],
    [
      'a run of a terminal, and one of ours that it has not read, to drop',
      elsewhere([preparing]),
      'drop',
      '⬦ stopped a run that was begun outside this thread\nTook back one message the agent had not read.',
      true,
    ],
  ])('%s', (...[, state, unread, sentence, asks]) => {
    const { reply, requests } = runCommand(state, invoked(unread), { at: 1, settings: DEFAULT_SETTINGS, allowed: [] })
    expect(reply).toBe(sentence)
    expect(requests).toEqual(asks ? [{ kind: 'stop-run', by: 'ada', unread: unread ?? 'keep' }] : [])
  })

  test('a second one, before the first has stopped the run', () => {
    const once = run(busy([unread2]))
    expect(replyOf(run(once.state))).toBe('⬦ the run is being stopped already\nNext: one message the agent had not read.')
  })
})

describe('through the step', () => {
  test('what the agent has read ends, what is unread stays; the answer goes out after the abort is on record', () => {
    const change = run(busy([unread2, preparing]))
    expect(phases(change)).toEqual(['stopped-by', 'delivered', 'preparing'])
    expect(change.effects.map(({ kind, owner }) => [kind, owner])).toEqual([
      ['abort', 'run'],
      ['reply', 'nobody'],
    ])
    expect(aborts(change)).toMatchObject([{ session: SESSION }])
    expect(aborts(change)[0]).not.toHaveProperty('drop')
  })

  test('with drop what is unread ends under the same line, and leaves the session', () => {
    const queue = queued(6)
    const change = run(busy([unread2, preparing], queue), 'drop')
    expect(phases(change)).toEqual(['merged', 'merged', 'stopped-by'])
    expect(aborts(change)).toMatchObject([{ drop: ['msg_2'] }])
    expect(change.state.features['queue']).toBe(queue)
  })

  test('dropping is asked for beside a stop that is under way', () => {
    const kept = run(busy([unread2]))
    const dropped = run(kept.state, 'drop')
    expect(aborts(dropped)).toMatchObject([{ drop: ['msg_2'] }])
    expect(aborts(dropped)[0]?.key).not.toBe(aborts(kept)[0]?.key)
    expect(phases(dropped)).toEqual(['stopped-by', 'stopped-by'])
  })

  test('what is just being submitted is kept in both cases', () => {
    expect(phases(run(busy([sending]), 'keep'))).toEqual(['stopped-by', 'sending'])
    expect(phases(run(busy([sending]), 'drop'))).toEqual(['stopped-by', 'sending'])
  })

  test('a run of a terminal is stopped; none of ours ends with keep, and only what it has not read with drop', () => {
    const kept = run(elsewhere([preparing]))
    expect([phases(kept), aborts(kept).length]).toEqual([['preparing'], 1])
    const dropped = run(elsewhere([preparing]), 'drop')
    expect([phases(dropped), aborts(dropped).length]).toEqual([['stopped-by'], 1])
  })

  test('idle, it stops nothing, and takes back what is on its way only with drop', () => {
    expect(aborts(run(onTheWay(preparing), 'drop'))).toEqual([])
    expect(phases(run(onTheWay(preparing), 'drop'))).toEqual(['stopped-by'])
    expect(phases(run(onTheWay(preparing)))).toEqual(['preparing'])
  })

  test('one that an earlier process had accepted is told, and stops nothing', () => {
    const missed = step(busy(), { kind: 'command', order: 1, at: 1, command: invoked(), isMissed: true }, RULES)
    expect(missed.effects).toEqual([])
    expect(phases(missed)).toEqual(['delivered'])
    expect(missed.state.features['missed-commands']).toEqual([{ id: '77', name: 'abort' }])
  })

  test('a name that nobody knows is answered, and stops nothing', () => {
    const change = step(busy(), { kind: 'command', order: 1, at: 1, command: { ...invoked(), name: 'what' } }, RULES)
    expect(replyOf(change)).toBe('✗ there is no command /what')
    expect(aborts(change)).toEqual([])
  })
})
