/** What is made of a session that was read: running, finished, or cut off - and what follows. */
import { describe, expect, test } from 'vitest'
import type { AgentMessage, SessionStatus } from '../../../src/domain/agent.ts'
import type { Change } from '../../../src/domain/conversation/change.ts'
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import { flush } from '../../../src/domain/conversation/features/flush.ts'
import { retry } from '../../../src/domain/conversation/features/retry.ts'
import type { PromptPhase } from '../../../src/domain/conversation/prompt.ts'
import type { SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import { inTurn, NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import {
  answer,
  conversation,
  delivered,
  idle,
  message,
  part,
  prompt,
  says,
  text,
  tool,
  user,
} from '../../support/conversation.ts'

const read = (
  state: Conversation,
  at: number,
  messages: readonly AgentMessage[],
  status: SessionStatus = { kind: 'idle' },
): Change => step(state, { kind: 'snapshot', at, snapshot: { status, messages, title: undefined }, meanwhile: [] })

const phases = ({ state }: Change): readonly string[] =>
  state.turn.prompts.map(({ phase }) => (phase.kind === 'ended' ? phase.end.kind : phase.kind))

/** Read twice, two seconds apart. */
const twice = (state: Conversation, messages: readonly AgentMessage[]): Change => {
  const first = read(state, 10_000, messages)
  expect(phases(first)).toEqual(phases({ ...first, state }))
  expect(first.actions).toContainEqual({ kind: 'read-session', delayMs: 1500 })
  return read(first.state, 12_000, messages)
}

const one = conversation({ prompts: [prompt(1, delivered('msg_1', 100))] })

describe('a summary that was asked for behind a message', () => {
  const asked = user('msg_2', 200)
  const summary = { ...answer('msg_s', asked, [text('prt_s', 'summary')], { created: 210 }), summary: true }

  test('answers nothing: a message before it that nobody answered is posted again', () => {
    expect(phases(twice(one, [user('msg_1', 100), asked, summary]))).toEqual(['sending'])
  })

  test('answers no message either that was posted again, and is told in its old place', () => {
    const again = conversation({ prompts: [prompt(1, delivered('msg_1', 300))] })
    expect(phases(twice(again, [user('msg_1', 300), asked, summary]))).toEqual(['sending'])
  })

  test('that failed ends the run: nothing can go on', () => {
    const failure = { name: 'ContextOverflowError', message: 'too large', status: undefined, provider: undefined }
    expect(phases(read(one, 10_000, [user('msg_1', 100), asked, { ...summary, failure }]))).toEqual(['failed'])
  })
})

describe('a message that OpenCode had announced and has lost', () => {
  const two = conversation({ prompts: [prompt(1, delivered('msg_1', 100)), prompt(2, delivered('msg_2', 200))] })

  test('is posted again, and those behind it after it, so that they stand in their order', () => {
    const change = twice(two, [user('msg_2', 200)])
    expect(phases(change)).toEqual(['sending', 'resend'])
    // The run of the first would else read the second before it.
    expect(change.effects).toMatchObject([{ kind: 'prompt', messageId: 'msg_1', resend: true, removeFirst: ['msg_2'] }])
  })

  test('is left alone when it was there at the second look: it was announced before it was stored', () => {
    const first = read(two, 10_000, [user('msg_1', 100)])
    expect(phases(read(first.state, 12_000, [user('msg_1', 100), user('msg_2', 200)], { kind: 'busy' }))).toEqual([
      'delivered',
      'delivered',
    ])
  })

  test('is waited for: nothing goes before it meanwhile', () => {
    const ready: PromptPhase = { kind: 'ready', prepared: [] }
    const three = inTurn(two, { prompts: [...two.turn.prompts, prompt(3, ready)] })
    expect(phases(read(three, 10_000, [user('msg_2', 200)]))).toEqual(['delivered', 'delivered', 'ready'])
  })

  test('is not posted again while another is being handed over, behind which it would stand', () => {
    const sending: PromptPhase = { kind: 'sending', messageId: 'msg_3', parts: [], resends: 0 }
    const three = inTurn(two, { prompts: [...two.turn.prompts, prompt(3, sending)] })
    const first = read(three, 10_000, [user('msg_2', 200)])
    expect(phases(read(first.state, 12_000, [user('msg_2', 200)]))).toEqual(['delivered', 'delivered', 'sending'])
  })

  test('is left alone while the session works: it may only be late', () => {
    expect(phases(read(two, 10_000, [user('msg_2', 200)], { kind: 'busy' }))).toEqual(['delivered', 'delivered'])
  })

  test('is given up after some times', () => {
    const often = conversation({ prompts: [prompt(1, delivered('msg_1', 100, 3))] })
    expect(phases(twice(often, []))).toEqual(['failed'])
  })
})

describe('an idle session whose newest message has no answer', () => {
  test('is posted again under the same ids, when it looks so for a second time', () => {
    const { effects } = twice(one, [user('msg_1', 100)])
    expect(effects).toMatchObject([{ kind: 'prompt', messageId: 'msg_1', resend: true, key: 'prompt/msg_1/1' }])
  })

  test('is interrupted when a tool had started', () => {
    const begun = answer('msg_a', user('msg_1', 100), [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
    expect(phases(twice(one, [user('msg_1', 100), begun]))).toEqual(['interrupted'])
  })

  test('is posted again when its answer had broken off, of which nothing is shown', () => {
    const begun = answer('msg_a', user('msg_1', 100), [text('prt_1', 'All that was to be said.')], {
      completed: undefined,
      finish: undefined,
    })
    const { state, effects } = twice(one, [user('msg_1', 100), begun])
    expect(effects).toMatchObject([{ kind: 'prompt', messageId: 'msg_1', resend: true }])
    expect(view(state).filter(({ closed }) => closed)).toEqual([])
  })

  test('is interrupted when words of its answer stand in the thread', () => {
    const begun = answer('msg_a', user('msg_1', 100), [text('prt_1', 'First I look.'), tool('prt_2', 'pending')], {
      completed: undefined,
      finish: undefined,
    })
    const said: Conversation = { ...one, posts: { ...NO_POSTS, posted: new Set(['part/prt_1']) } }
    expect(phases(twice(said, [user('msg_1', 100), begun]))).toEqual(['interrupted'])
  })

  test('is given up after three more tries', () => {
    const tried = conversation({ prompts: [prompt(1, delivered('msg_1', 100, 3))] })
    expect(twice(tried, [user('msg_1', 100)]).state.turn.prompts[0]?.phase).toMatchObject({
      end: { reason: { kind: 'gave-up' } },
    })
  })

  test('of several waiting ones only the newest is posted again', () => {
    const two = conversation({ prompts: [prompt(1, delivered('msg_1', 100)), prompt(2, delivered('msg_2', 200))] })
    const { effects } = twice(two, [user('msg_1', 100), user('msg_2', 200)])
    expect(effects.map((effect: Effect) => effect.kind === 'prompt' && (effect as SubmitPrompt).messageId)).toEqual(['msg_2'])
  })

  test('is not posted again while a newer one is being handed over: it would then stand behind it', () => {
    const sending: PromptPhase = { kind: 'sending', messageId: 'msg_2', parts: [], resends: 0 }
    const two = conversation({ prompts: [prompt(1, delivered('msg_1', 100)), prompt(2, sending)] })
    const first = read(two, 10_000, [user('msg_1', 100)])
    const second = read(first.state, 12_000, [user('msg_1', 100)])
    expect(second.effects).toEqual([])
    expect(second.actions).toContainEqual({ kind: 'read-session', delayMs: 1500 })
  })

  test('is looked at anew when the clock was set back in between', () => {
    const first = read(one, 10_000, [user('msg_1', 100)])
    const second = read(first.state, 1000, [user('msg_1', 100)])
    expect(second.actions).toContainEqual({ kind: 'read-session', delayMs: 1500 })
    expect(read(second.state, 3000, [user('msg_1', 100)]).effects).toHaveLength(1)
  })
})

describe('history', () => {
  const closed = conversation({}, { closedUpTo: 500 })

  test('is what was created up to the last closed turn', () => {
    expect(read(closed, 1000, [user('msg_0', 400), user('msg_9', 600)]).state.turn.messages).toEqual([user('msg_9', 600)])
  })

  test('is nothing that belongs to an open prompt, though the clock was set back', () => {
    const early = inTurn(closed, { prompts: [prompt(1, delivered('msg_1', 100))] })
    const said = answer('msg_a', user('msg_1', 100), [text('prt_1', 'x')])
    expect(read(early, 1000, [user('msg_0', 90), user('msg_1', 100), said]).state.turn.messages).toEqual([
      user('msg_1', 100),
      said,
    ])
    const told = step(early, { kind: 'agent', at: 1000, event: says(user('msg_1', 100)) })
    expect(told.state.turn.messages).toEqual([user('msg_1', 100)])
  })
})

describe('events that came while the session was read', () => {
  const begun = answer('msg_a', user('msg_1', 100), [], { completed: undefined, finish: undefined })
  const whole = answer('msg_a', user('msg_1', 100), [text('prt_1', 'All of it')])

  test('stand above an older reading', () => {
    const { state } = step(one, {
      kind: 'snapshot',
      at: 1000,
      snapshot: { status: { kind: 'busy' }, messages: [user('msg_1', 100), begun], title: undefined },
      meanwhile: [part('msg_a', text('prt_1', 'All of it')), says(whole), idle],
    })
    expect(state.turn.messages[1]).toEqual(whole)
    expect(state.turn.status).toEqual({ kind: 'idle' })
  })

  test('a text that still grows keeps what has come, since OpenCode reads it back as empty', () => {
    const growing = { ...begun, parts: [text('prt_1', 'Half', false)] }
    const state = inTurn(one, { messages: [user('msg_1', 100), growing] })
    const empty = { ...begun, parts: [text('prt_1', '', false)] }
    expect(read(state, 1000, [user('msg_1', 100), empty], { kind: 'busy' }).state.turn.messages[1]).toEqual(growing)
  })
})

describe('a session that cannot be read', () => {
  test('is asked again after a second, as long as that may help', () => {
    const { actions, state } = step(one, { kind: 'unreadable', at: 1000, text: '✗ later', final: false })
    expect(actions).toEqual([{ kind: 'read-session', delayMs: 1000 }])
    expect(state).toBe(one)
  })

  test('ends its prompts with the reason; what it held unread is not taken for news later', () => {
    const unread = inTurn(one, { isSynced: false })
    const ended = step(unread, { kind: 'unreadable', at: 1000, text: '✗ gone', final: true })
    expect(phases(ended)).toEqual(['failed'])
    const later = read(ended.state, 2000, [user('msg_1', 100), answer('msg_a', user('msg_1', 100), [text('prt_1', 'x')])])
    expect(later.state.turn.messages).toEqual([])
  })
})

test('a message in a thread that was believed gone opens it again', () => {
  const written = message('hi', { channelId: '1', inThread: true })
  const { state } = step(conversation({}, { thread: { kind: 'gone' } }), { kind: 'message', at: 1, order: 1, message: written })
  expect(state.thread).toEqual({ kind: 'open', id: '1' })
})

test('a tool that overtakes an open text asks to be woken; then what has come of the text is closed (P-020)', () => {
  const begun = answer('msg_a', user('msg_1', 100), [text('prt_1', 'Half', false)], { completed: undefined, finish: undefined })
  const state = inTurn(one, { status: { kind: 'busy' }, messages: [user('msg_1', 100), begun] })
  const running = step(state, { kind: 'agent', at: 1, event: part('msg_a', tool('prt_2', 'running')) })
  expect(running.actions).toEqual([{ kind: 'set-alarm', owner: 'flush', name: 'overtaken', delayMs: 1000 }])
  const alarm = { kind: 'alarm', owner: 'flush', name: 'overtaken', at: 2 } as const
  const woken = step(running.state, alarm).state
  expect(flush.of(woken)).toEqual({ prt_1: 4 })
  expect(flush.of(step(woken, alarm).state)).toBe(flush.of(woken))
})

test('retries are told in the turn their question is open in, and not again by a run that outlived it', () => {
  const retrying = {
    kind: 'agent',
    at: 1,
    event: { kind: 'status', session: 'ses_1', status: { kind: 'retry', attempt: 1, message: 'busy', next: 2 } },
  } as const
  expect(retry.of(step(inTurn(one, { messages: [user('msg_1', 100)] }), retrying).state)).toMatchObject({
    during: 'msg_1',
    times: 1,
  })
  const begun = answer('msg_a', user('msg_1', 100), [], { completed: undefined, finish: undefined })
  expect(retry.of(step(conversation({ messages: [begun] }, { closedUpTo: 100 }), retrying).state)).toBeUndefined()
})
