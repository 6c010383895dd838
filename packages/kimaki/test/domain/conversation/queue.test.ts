/** What becomes of messages that wait in the queue when nothing can run any more. */
import { describe, expect, test } from 'vitest'
import { isWaiting, queue, queueKey, type QueuedMessage } from '../../../src/domain/conversation/features/queue.ts'
import type { PromptPhase } from '../../../src/domain/conversation/prompt.ts'
import type { OpenSession } from '../../../src/domain/conversation/run/effects.ts'
import { NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, delivered, message, prompt } from '../../support/conversation.ts'

const waiting = (order: number): QueuedMessage => ({
  id: `discord:${order}`,
  order,
  message: message(`m${order}`),
  acceptedAt: 1,
  phase: { kind: 'waiting' },
})

const withQueue = (phase: PromptPhase, facts: Partial<Conversation> = {}): Conversation =>
  conversation(
    { prompts: [prompt(1, phase)] },
    {
      features: { queue: [waiting(2), waiting(3)] },
      posts: { ...NO_POSTS, posted: new Set([queueKey('discord:2'), queueKey('discord:3')]) },
      ...facts,
    },
  )

const told = (state: Conversation, text: string): number => view(state).filter((block) => block.text === text).length
const openSession: OpenSession = { key: 'open-session/1', kind: 'open-session', owner: 'run', directory: '/p', mark: '1' }
const failed = (state: Conversation): Conversation =>
  step(state, { kind: 'outcome', at: 1, effect: openSession, outcome: { kind: 'failed', text: '✗ no server' } }).state
const unreadable = (state: Conversation, final: boolean): Conversation =>
  step(state, { kind: 'unreadable', at: 1, text: '✗ gone for good', final }).state

describe('the queue is dropped with the prompts, and the reason is told once', () => {
  const opening = { session: { kind: 'opening' } } as const

  test('when the session cannot be opened', () => {
    const state = failed(withQueue({ kind: 'ready', prepared: [] }, opening))
    expect(queue.of(state).map(({ phase }) => phase.kind)).toEqual(['dropped', 'dropped'])
    expect(told(state, '✗ no server')).toBe(1)
  })

  test('when the prompt it was opened for was taken back meanwhile: then the queue tells', () => {
    const state = failed(withQueue({ kind: 'ended', end: { kind: 'withdrawn' } }, opening))
    expect(queue.of(state).map(({ phase }) => phase)).toEqual([
      { kind: 'dropped', text: undefined },
      { kind: 'dropped', text: '✗ no server' },
    ])
    expect(told(state, '✗ no server')).toBe(1)
  })

  test('when the session can never be read; not when reading it again may help', () => {
    const state = withQueue(delivered('msg_1', 10))
    expect(queue.of(unreadable(state, false)).every(isWaiting)).toBe(true)
    const dropped = unreadable(state, true)
    expect(queue.of(dropped).some(isWaiting)).toBe(false)
    expect(told(dropped, '✗ gone for good')).toBe(1)
  })

  test('its notices lose their button', () => {
    const blocks = view(unreadable(withQueue(delivered('msg_1', 10)), true))
    const notices = blocks.filter(({ key }) => key === queueKey('discord:2'))
    expect(notices).toEqual([expect.not.objectContaining({ buttons: expect.anything() as unknown })])
  })
})

test('a dead letter of a message that stands in line ends nothing', () => {
  const state = withQueue({ kind: 'preparing' })
  const [known] = state.turn.prompts
  if (!known) throw new Error('no prompt')
  const { id } = known.message
  const again = step(state, { kind: 'dead-letter', at: 1, order: 9, message: message('m1', { id }), text: '✗ set aside' })
  expect(again.state).toBe(state)
})

describe('what was taken out of the queue', () => {
  const words = 'paint the fence. queue'
  const said = (state: Conversation, id: string, order: number): Conversation =>
    step(state, { kind: 'message', at: 1, order, message: message(words, { id }) }).state
  const phases = (state: Conversation): readonly (readonly string[])[] => queue.of(state).map(({ id, phase }) => [id, phase.kind])

  test('does not swallow the same words sent again: they wait under their own id', () => {
    const waits = said(withQueue(delivered('msg_1', 10), { features: {} }), '71', 4)
    const removed = step(waits, { kind: 'deleted-message', at: 1, messageId: '71' }).state
    expect(phases(said(removed, '72', 5))).toEqual([
      ['discord:71', 'removed'],
      ['discord:72', 'waiting'],
    ])
  })

  test('is not put back by its message told again', () => {
    const waits = said(withQueue(delivered('msg_1', 10), { features: {} }), '71', 4)
    const removed = step(waits, { kind: 'deleted-message', at: 1, messageId: '71' }).state
    expect(phases(said(removed, '71', 5))).toEqual([['discord:71', 'removed']])
  })
})

describe('V31: a queue without end', () => {
  const RULES = { ...DEFAULT_RULES, settings: { ...DEFAULT_SETTINGS, queueLength: 2 } }
  const write = (state: Conversation, order: number): Conversation =>
    step(state, { kind: 'message', at: 1, order, message: message(`m${order}. queue`, { id: String(order) }) }, RULES).state
  const busy = conversation({ prompts: [prompt(1, delivered('msg_1', 1))], status: { kind: 'busy' } })

  test('one more than it holds is not queued, and one line says how many were not, why and which setting', () => {
    const state = [2, 3, 4, 5, 6].reduce(write, busy)
    expect(
      queue
        .of(state)
        .filter(isWaiting)
        .map(({ order }) => order),
    ).toEqual([2, 3])
    const lines = view(state).filter(({ text }) => text.includes('not queued'))
    expect(lines).toMatchObject([
      { editable: true, text: expect.stringContaining('✗ 3 messages were not queued: 2 wait') as string },
    ])
    expect(lines[0]?.text).toContain('KIMAKI_MAX_QUEUE')
    expect(state.turn.prompts).toHaveLength(1)
  })

  test('of what was not queued nothing long is kept on record, and the same message is not taken twice', () => {
    const long = message(`${'x'.repeat(4000)}. queue`, { id: '9', titleText: 'x'.repeat(4000) })
    const full = [2, 3].reduce(write, busy)
    const once = step(full, { kind: 'message', at: 1, order: 9, message: long }, RULES).state
    const twice = step(once, { kind: 'message', at: 1, order: 10, message: long }, RULES).state
    expect(JSON.stringify(once.features).length - JSON.stringify(full.features).length).toBeLessThan(1000)
    expect(queue.of(twice)).toEqual(queue.of(once))
  })
})
