/**
 * Two things at once: every pair of {a message waits in the queue, a step is due to be stopped for a newer message, the agent asks, a person
 * presses Stop, the model stalls, the thread is gone}, in both orders. And: what a feature may hold back.
 */
import { describe, expect, test } from 'vitest'
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import { button } from '../../../src/domain/conversation/posts/button.ts'
import { closeTurn } from '../../../src/domain/conversation/close-turn.ts'
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import { defineFeature, type Gate } from '../../../src/domain/conversation/feature.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import { FEATURES } from '../../../src/domain/conversation/features/index.ts'
import { queue } from '../../../src/domain/conversation/features/queue.ts'
import { askedTogether } from '../../../src/domain/conversation/gates.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { answer, conversation, delivered, GUILD, idle, message, prompt, SESSION, text, user } from '../../support/conversation.ts'

const first = user('msg_1', 10)
const begun = answer('msg_a', first, [text('prt_1', 'Well', false)], { completed: undefined, finish: undefined })
const accepted = { acceptedAt: 1000 }

/** The first message is being answered; with `isUnread` a second one stands in the session, which the agent has not read. */
const working = (isUnread: boolean): Conversation =>
  conversation({
    status: { kind: 'busy' },
    messages: [first, begun, ...(isUnread ? [user('msg_2', 20)] : [])],
    prompts: [prompt(1, delivered('msg_1', 10), accepted), ...(isUnread ? [prompt(2, delivered('msg_2', 20), accepted)] : [])],
  })

const press = { id: '9', guildId: GUILD, channelId: '1', messageId: '8', userId: '7', userName: 'ada' }
const stall: Input = { kind: 'alarm', owner: 'run', name: 'model-stall', at: 4000 }
const ask = { id: 'per_1', kind: 'permission', session: SESSION, title: 'rm' } as const

const HAPPENS = {
  queued: [{ kind: 'message', at: 4000, order: 9, message: message('next. queue', { id: '9', channelId: '1', inThread: true }) }],
  'interrupt due': [{ kind: 'alarm', owner: 'run', name: 'interrupt-due', at: 4000 }],
  asked: [{ kind: 'agent', at: 4000, event: { kind: 'asked', session: SESSION, ask } }],
  stopped: [{ kind: 'pressed', order: 9, at: 4000, press: { ...press, customId: button('stop', 'msg_1', '').id } }],
  stalled: [stall, stall, stall, stall, stall],
  gone: [{ kind: 'thread-gone', at: 4000, text: '✗ gone' }],
} as const satisfies Readonly<Record<string, readonly Input[]>>

type What = keyof typeof HAPPENS

class Thread {
  state: Conversation
  /** Without the lines of the audit file, which tell and change nothing. */
  readonly effects: Effect[] = []
  readonly told: string[] = []

  constructor(state: Conversation) {
    this.state = state
  }

  take(...inputs: readonly Input[]): this {
    for (const input of inputs) {
      const change = step(this.state, input)
      const plan = planPosts(change.state, { layout, clean: (text) => text })
      this.effects.push(...change.effects.filter(({ kind }) => kind !== 'audit'))
      this.told.push(...plan.posts.flatMap(({ blocks }) => blocks).filter((key) => key.endsWith('/end')))
      this.state = closeTurn(plan.state, plan.allShown)
    }
    return this
  }

  get summary(): string {
    const prompts = this.state.turn.prompts.map(({ phase }) => (phase.kind === 'ended' ? phase.end.kind : phase.kind)).join(' ')
    const queued = queue
      .of(this.state)
      .map(({ phase }) => phase.kind)
      .join(' ')
    const effects = this.effects
      .map(({ kind }) => kind)
      .toSorted()
      .join(' ')
    return `${prompts}; queue: ${queued || '-'}; effects: ${effects || '-'}`
  }
}

function both(one: What, other: What): Thread {
  const isUnread = [one, other].includes('interrupt due')
  return new Thread(working(isUnread)).take(...HAPPENS[one], ...HAPPENS[other])
}

/** OpenCode stops, and the session is read twice. */
function afterwards(thread: Thread): Thread {
  const { messages } = thread.state.turn
  const snapshot = { status: { kind: 'idle' }, messages, title: undefined } as const
  return thread.take(
    { kind: 'agent', at: 5000, event: idle },
    { kind: 'snapshot', at: 8000, snapshot, meanwhile: [] },
    { kind: 'snapshot', at: 10_000, snapshot, meanwhile: [] },
  )
}

/** The second line: when the other comes first, if that makes a difference. */
const PAIRS: readonly (readonly [What, What, string, string?])[] = [
  ['queued', 'interrupt due', 'delivered delivered; queue: waiting; effects: interrupt'],
  ['queued', 'asked', 'delivered; queue: waiting; effects: -'],
  ['queued', 'stopped', 'stopped-by; queue: waiting; effects: abort'],
  ['queued', 'stalled', 'failed; queue: waiting; effects: abort'],
  // Written after the thread was gone, the message shows that it is there again.
  ['queued', 'gone', 'failed; queue: dropped; effects: abort', 'failed; queue: waiting; effects: abort'],
  // While a person is asked, no step is stopped.
  ['interrupt due', 'asked', 'delivered delivered; queue: -; effects: interrupt', 'delivered delivered; queue: -; effects: -'],
  ['interrupt due', 'stopped', 'stopped-by delivered; queue: -; effects: abort interrupt'],
  // Nothing that waits is left when the run has ended: no step is stopped for it.
  ['interrupt due', 'stalled', 'merged failed; queue: -; effects: abort interrupt', 'merged failed; queue: -; effects: abort'],
  ['interrupt due', 'gone', 'merged failed; queue: -; effects: abort interrupt', 'merged failed; queue: -; effects: abort'],
  ['asked', 'stopped', 'stopped-by; queue: -; effects: abort'],
  // A person is asked: the model may be silent.
  ['asked', 'stalled', 'delivered; queue: -; effects: -', 'failed; queue: -; effects: abort'],
  ['asked', 'gone', 'failed; queue: -; effects: abort'],
  // The first of two ends stands.
  ['stopped', 'stalled', 'stopped-by; queue: -; effects: abort', 'failed; queue: -; effects: abort'],
  ['stopped', 'gone', 'stopped-by; queue: -; effects: abort abort', 'failed; queue: -; effects: abort'],
  ['stalled', 'gone', 'failed; queue: -; effects: abort abort', 'failed; queue: -; effects: abort'],
]

const IN_BOTH_ORDERS = PAIRS.flatMap(([one, other, summary, reversed = summary]) => [
  [one, other, summary] as const,
  [other, one, reversed] as const,
])

test('the table holds every pair', () => {
  const names = Object.keys(HAPPENS)
  const pairs = new Set(IN_BOTH_ORDERS.map(([one, other]) => `${one}, ${other}`))
  expect(pairs.size).toBe(names.length * (names.length - 1))
})

describe.each(IN_BOTH_ORDERS)('%s, then %s', (one, other, summary) => {
  test('what follows', () => {
    expect(both(one, other).summary).toBe(summary)
  })

  test('one abort at most is on record, and what happens again changes nothing', () => {
    const thread = both(one, other)
    const keys = new Set(thread.effects.map(({ key }) => key))
    expect([...keys].filter((key) => key.startsWith('abort/')).length).toBeLessThanOrEqual(1)
    const again = new Thread(thread.state).take(...HAPPENS[one], ...HAPPENS[other])
    expect(again.effects.filter(({ key }) => !keys.has(key))).toEqual([])
    expect(asks.of(again.state).asks.length).toBeLessThanOrEqual(1)
    expect(again.told.filter((key) => thread.told.includes(key))).toEqual([])
  })

  test('each end is told once, and the queue waits until it stands in the thread', () => {
    const thread = afterwards(both(one, other))
    expect(thread.told).toEqual([...new Set(thread.told)])
    const ends = thread.state.turn.prompts.filter(({ phase }) => phase.kind === 'ended' && phase.end.kind !== 'merged')
    expect(thread.told).toHaveLength(ends.length)
    expect(queue.of(thread.state).map(({ phase }) => phase.kind)).not.toContain('released')
  })
})

describe('a feature that holds something back', () => {
  const holding = (gate: Gate) =>
    defineFeature({ name: 'holding', version: 1, initial: undefined, gates: { [gate]: () => `the test holds ${gate}` } })
  const rules = (gate: Gate) => ({ ...DEFAULT_RULES, features: [...FEATURES, holding(gate)] })
  const phase = ({ state }: ReturnType<typeof step>): string | undefined => state.turn.prompts[0]?.phase.kind

  const idleWith = (news: Parameters<typeof conversation>[1]) => conversation({}, news)
  const waiting = idleWith({
    features: {
      queue: [{ id: 'discord:9', order: 9, message: message('next'), acceptedAt: 1, phase: { kind: 'waiting' } }],
    },
  })
  const turnClosed: Input = { kind: 'turn-closed', at: 1 }

  test('submit: the prompt stays ready', () => {
    const written: Input = { kind: 'message', at: 1, order: 1, message: message('hi', { channelId: '1', inThread: true }) }
    expect(phase(step(conversation(), written))).toBe('sending')
    expect(phase(step(conversation(), written, rules('submit')))).toBe('ready')
  })

  test('interrupt: the step goes on, and is looked at again; a stall is not counted', () => {
    const [due] = HAPPENS['interrupt due']
    expect(step(working(true), due).effects).toHaveLength(1)
    const held = step(working(true), due, rules('interrupt'))
    expect(held.effects).toEqual([])
    expect(held.actions).toEqual([{ kind: 'set-alarm', owner: 'run', name: 'interrupt-due', delayMs: 100 }])
    expect(step(working(false), stall, rules('interrupt')).state.turn.stallChecks).toBe(0)
  })

  test('release-queue: the message waits on', () => {
    expect(phase(step(waiting, turnClosed))).toBe('sending')
    const held = step(waiting, turnClosed, rules('release-queue'))
    expect(held.state).toBe(waiting)
  })

  test('finish: an answered run does not end, and a failed one does', () => {
    const user1 = user('msg_1', 10)
    const over = (facts: Parameters<typeof answer>[3]): Conversation =>
      inTurn(working(false), { messages: [user1, answer('msg_a', user1, [text('prt_1', 'Done.')], facts)] })
    const end = (state: Conversation) => phase(step(state, { kind: 'agent', at: 1, event: idle }, rules('finish')))
    expect(end(over({}))).toBe('delivered')
    expect(end(over({ failure: { name: 'APIError', message: 'x', status: 500, provider: 'p' } }))).toBe('ended')
  })

  test('says why, to whoever asks; so does the run', () => {
    const { heldBy } = askedTogether([...FEATURES, holding('release-queue')])
    expect(heldBy('release-queue', waiting)).toBe('the test holds release-queue')
    expect(heldBy('interrupt', waiting)).toBeUndefined()
    expect(heldBy('submit', inTurn(waiting, { isSynced: false }))).toBe('the session has not been read yet')
  })
})
