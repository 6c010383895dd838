/** When a run is over: what ends it, what only looks as if it did, and what comes after its end. */
import { describe, expect, test } from 'vitest'
import type { AgentEvent, AgentMessage, AgentPart } from '../../../src/domain/agent.ts'
import { noEffects, type Change } from '../../../src/domain/conversation/change.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { answer, conversation, delivered, idle, part, prompt, says, text, tool } from '../../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 10 } as const

const busy = (...messages: readonly AgentMessage[]): Conversation =>
  conversation({ status: { kind: 'busy' }, prompts: [prompt(1, delivered(user.id, user.created))], messages })

const tell = (state: Conversation, ...events: readonly AgentEvent[]): Change =>
  events.reduce<Change>((change, event) => step(change.state, { kind: 'agent', at: 1, event }), noEffects(state))

const wants = ({ actions }: Change): readonly string[] => actions.map(({ kind }) => kind)
const done = answer('msg_a', user, [text('prt_1', 'Done.')])

test('idle with a last word to the newest message ends it', () => {
  expect(wants(tell(busy(user, done), idle))).toContain('collect-footer')
})

test('an idle that belongs to the run before ends nothing (P-013)', () => {
  const before = { kind: 'user', id: 'msg_before', created: 1 } as const
  const state = busy(before, answer('msg_b', before, [text('prt_0', 'Before.')]), user)
  const change = tell(state, idle)
  expect(wants(change)).toEqual(['read-session'])
  expect(change.state.turn.prompts[0]?.phase.kind).toBe('delivered')
})

test('an answer that called tools is not the last one, complete as it is (P-014)', () => {
  const change = tell(busy(user, { ...done, finish: 'tool-calls' }), idle)
  expect(wants(change)).toEqual(['read-session'])
})

test('a last word whose note of completion never came ends it all the same (P-015)', () => {
  expect(wants(tell(busy(user, { ...done, completed: undefined }), idle))).toContain('collect-footer')
})

test('a complete answer that is told again has one footer (P-016)', () => {
  const first = tell(busy(user, done), idle).state
  const described = step(first, {
    kind: 'report',
    at: 1,
    owner: 'footer',
    report: {
      answerId: 'msg_a',
      facts: { folder: 'p', branch: undefined, durationMs: 1, contextPercent: undefined, model: 'm', agent: 'build' },
    },
  }).state
  const again = tell(described, says(done), idle)
  expect(wants(again)).not.toContain('collect-footer')
  expect(view(again.state).filter(({ key }) => key.startsWith('footer/'))).toHaveLength(1)
})

test('a part of an answer to an earlier turn, told late, is not shown in this one (P-017)', () => {
  const state: Conversation = { ...busy(user), closedUpTo: 5 }
  const earlier: AgentMessage = answer('msg_old', { kind: 'user', id: 'msg_before', created: 1 }, [])
  const late: AgentPart = text('prt_old', 'From before.')
  const { state: after } = tell(state, says(earlier), part('msg_old', late))
  expect(view(after).map((block) => block.text)).not.toContain('⬥ From before.')
  expect(after.turn.messages.map(({ id }) => id)).toEqual(['msg_u'])
})

describe('a run that comes to nothing, while OpenCode would go on', () => {
  const steps = (count: number, parts: readonly AgentPart[], finish: string): readonly AgentMessage[] =>
    Array.from({ length: count }, (_, n) => answer(`msg_${n}`, user, parts, { created: 20 + n, completed: 21 + n, finish }))
  const ended = (messages: readonly AgentMessage[]): unknown => {
    const { state } = tell(busy(user, ...messages), { kind: 'status', session: 'ses_1', status: { kind: 'busy' } })
    const phase = state.turn.prompts[0]?.phase
    return phase?.kind === 'ended' && phase.end.kind === 'failed' ? phase.end.reason : undefined
  }
  const failing = (input: string): AgentPart => ({
    ...tool('prt_t', 'running', { command: input }),
    ...({ state: 'error' } as const),
  })

  test.each([
    ['empty answers', [], 'unknown', { kind: 'empty-loop' }],
    ['answers of blanks', [text('p', ' \u200b\u2060')], 'unknown', { kind: 'empty-loop' }],
    ['answers without an end', [text('p', 'Hm')], 'unknown', { kind: 'endless-answer' }],
    ['calls of tools that are not there', [text('p', 'Hm')], 'tool-calls', { kind: 'endless-answer' }],
    ['the same call that fails', [failing('x')], 'tool-calls', { kind: 'repeated-failure', tool: 'bash' }],
  ] as const)('%s: four in a row end it, three do not', (_what, parts, finish, reason) => {
    expect(ended(steps(3, parts, finish))).toBeUndefined()
    expect(ended(steps(4, parts, finish))).toEqual(reason)
  })

  test('other calls, or calls that work, are progress', () => {
    const [one, ...others] = steps(5, [failing('x')], 'tool-calls')
    const different = [{ ...one, parts: [failing('y')] } as AgentMessage, ...others]
    expect(ended([...others.slice(0, 3), ...different.slice(0, 1)])).toBeUndefined()
    expect(ended(steps(6, [tool('prt_t', 'completed')], 'tool-calls'))).toBeUndefined()
  })
})

describe('what people would not see of an answer is said', () => {
  const shown = (finish: string, parts: readonly AgentPart[]): readonly string[] => {
    const over = tell(busy(user, answer('msg_a', user, parts, { finish })), idle).state
    const facts = { folder: 'p', branch: undefined, durationMs: 1, contextPercent: undefined, model: 'm', agent: 'build' }
    const { state } = step(over, { kind: 'report', at: 1, owner: 'footer', report: { answerId: 'msg_a', facts } })
    return view(state).map((block) => block.text)
  }
  const thought: AgentPart = { kind: 'reasoning', id: 'prt_r', text: 'Hm', closed: true }

  test.each([
    ['cut at the longest answer', 'length', [text('p', 'Words')], /^⬦ cut: the answer reached the longest/],
    ['cut by a filter', 'content-filter', [text('p', 'Words')], /^⬦ cut: the provider's content filter/],
    ['thinking that left nothing', 'length', [thought], /^⬦ the model thought for so long/],
    ['thinking without an answer', 'stop', [thought], /^⬦ the model ended its answer without a word/],
    ['letters that nobody sees', 'stop', [text('p', '\u200b\u2060')], /^⬦ the model ended its answer without a word/],
  ] as const)('%s', (_what, finish, parts, words) => {
    expect(shown(finish, parts).filter((line) => words.test(line))).toHaveLength(1)
    expect(shown(finish, parts).some((line) => line.trim() === '⬥')).toBe(false)
  })

  test('a whole answer has no remark', () => {
    expect(shown('stop', [text('p', 'Words')]).filter((line) => line.startsWith('⬦'))).toEqual([])
  })
})
