/** What is shown of single parts of an answer: subagents, the context, compactions, calls written as text. */
import { describe, expect, test } from 'vitest'
import type { AgentPart, AssistantMessage } from '../../src/domain/agent.ts'
import { costOf } from '../../src/domain/conversation/features/footer.ts'
import { inTurn, type Conversation, type Turn } from '../../src/domain/conversation/state.ts'
import { step } from '../../src/domain/conversation/step.ts'
import type { Verbosity } from '../../src/domain/prefs.ts'
import { subtaskLabel } from '../../src/view/parts/subtasks.ts'
import { withoutToolCalls } from '../../src/view/text/tool-call.ts'
import { view } from '../../src/view/index.ts'
import { answer, conversation, SESSION, text, tool } from '../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 1 } as const
const open = { completed: undefined, finish: undefined } as const
const step1 = (parts: readonly AgentPart[], facts: Partial<AssistantMessage> = {}): AssistantMessage =>
  answer('msg_a', user, parts, { ...open, ...facts })
const running = (
  messages: readonly AssistantMessage[],
  turn: Partial<Turn> = {},
  facts: Partial<Conversation> = {},
): Conversation => conversation({ status: { kind: 'busy' }, messages: [user, ...messages], ...turn }, facts)
const lines = (state: Conversation): readonly string[] => view(state).map((block) => block.text)

const task = (id: string, agent: string, child?: string): AgentPart => ({
  ...(tool(id, 'running', { subagent_type: agent, description: `job ${id}` }) as Extract<AgentPart, { kind: 'tool' }>),
  tool: 'task',
  ...(child !== undefined && { child }),
})

describe('a subagent', () => {
  const tasks = [task('t1', 'explore', 'ses_a'), task('t2', 'plan_x', 'ses_b')]
  const told = (state: Conversation, child: string, news: AgentPart): Conversation =>
    step(state, {
      kind: 'agent',
      at: 1,
      event: { kind: 'subtask', session: SESSION, child, news: { kind: 'part', part: news } },
    }).state

  test('stands with its label and number behind the call that began it, and says nothing in words', () => {
    const begun = running([step1(tasks)])
    const done = [['ses_b', tool('b1', 'running')] as const, ['ses_a', tool('a1', 'completed')] as const]
    const state = done.reduce((before, [child, part]) => told(before, child, part), begun)
    expect(lines(state)).toEqual([
      '┣ explore **job t1**',
      '┣ explore-1 ⋅ bash _ls_',
      '┣ plan\\_x **job t2**',
      '┣ plan\\_x-2 ⋅ bash _ls_',
    ])
    expect(lines(told(state, 'ses_a', text('a2', 'words')))).toEqual(lines(state))
    expect(subtaskLabel(state, 'ses_b')).toBe('plan\\_x-2')
  })

  test('asks under its label', () => {
    const ask = { id: 'per_1', kind: 'permission', session: 'ses_b', title: 'bash: ls' } as const
    const asked = step(running([step1(tasks)]), { kind: 'agent', at: 1, event: { kind: 'asked', session: SESSION, ask } }).state
    expect(lines(asked).at(-1)).toMatch(/^-# plan\\_x-2\n⬦ The agent asks/)
  })

  test('keeps its place when a tool of it is told again, and has a second line for one that fails', () => {
    const failed = { ...tool('a1', 'running'), state: 'error', error: 'no' } as AgentPart
    const twice = told(told(running([step1(tasks)]), 'ses_a', tool('a1', 'running')), 'ses_a', failed)
    expect(lines(twice).slice(1, 3)).toEqual(['┣ explore-1 ⋅ bash _ls_', '⨯ explore-1 ⋅ bash no'])
  })

  test.each<[Verbosity, number]>([
    ['text_only', 0],
    ['text_and_essential_tools', 0],
    ['tools_and_text', 1],
  ])('is shown as its thread is: with %s there are %d lines of what it reads', (verbosity, count) => {
    const read = { ...tool('a1', 'running', { filePath: 'a' }), tool: 'read' } as AgentPart
    const state = told(running([step1(tasks)], {}, { verbosity }), 'ses_a', read)
    expect(lines(state).filter((line) => line.includes('explore-1'))).toHaveLength(count)
  })

  test('of another session says nothing', () => {
    const state = running([step1(tasks)])
    expect(told(state, 'ses_x', tool('x', 'running')).turn.subtasks).toEqual({})
  })
})

describe('the context', () => {
  const limits = (limit: number) => ({ features: { 'context-limit': { 'p/m': limit } } })
  const used = (id: string, tokens: number, facts: Partial<AssistantMessage> = {}): AssistantMessage =>
    answer(id, user, [], { finish: 'tool-calls', tokens, ...facts })
  const summary = { summary: true, finish: 'stop' } as const

  test.each<[string, readonly AssistantMessage[], readonly string[]]>([
    ['nothing below a tenth', [used('1', 99)], []],
    ['each new tenth once', [used('1', 100), used('2', 199), used('3', 200)], ['10', '20']],
    ['a jump as one notice', [used('1', 550), used('2', 560)], ['50']],
    ['nothing for the last step', [used('1', 900, { finish: 'stop' })], []],
    ['nothing while a step goes on', [used('1', 900, open)], []],
    ['a tenth again after a compaction', [used('1', 900), used('2', 0, summary), used('3', 150)], ['90', '10']],
  ])('tells how full it is: %s', (_name, messages, tenths) => {
    const shown = lines(running(messages, {}, limits(1000))).filter((line) => line.includes('usage'))
    expect(shown).toEqual(tenths.map((percent) => `⬦ context usage ${percent}%`))
  })

  test('is not told of while nobody knows its size, nor with text only', () => {
    expect(lines(running([used('1', 900)]))).toEqual([])
    expect(lines(running([used('1', 900)], {}, limits(0)))).toEqual([])
    expect(lines(running([used('1', 900)], {}, { ...limits(1000), verbosity: 'text_only' }))).toEqual([])
  })

  const returned = (outputLength: number, name = 'bash'): AgentPart =>
    ({ ...tool('x', 'completed'), tool: name, outputLength }) as AgentPart
  test.each<[string, AgentPart, number, readonly string[]]>([
    ['a result below 3000 tokens', returned(11_996), 200_000, []],
    ['a large result', returned(12_800), 200_000, ['⬦ bash returned 3.2k tokens (1.6%)']],
    ['one that is less than a hundredth', returned(12_800), 2_000_000, ['⬦ bash returned 3.2k tokens']],
    ['one whose share nobody knows', returned(12_800), 0, ['⬦ bash returned 3.2k tokens']],
    ['one of a tool that is not shown', returned(12_800, 'read'), 200_000, []],
  ])('is told of %s', (_name, part, limit, expected) => {
    expect(lines(running([step1([part])], {}, limits(limit))).filter((line) => line.includes('returned'))).toEqual(expected)
  })
})

test('a turn costs what its steps, its compactions and its subagents cost', () => {
  const costs = { parts: [], costs: { c1: 0.25, c2: 0.5 } }
  const messages = [
    answer('old', { ...user, created: -9 }, [], { cost: 9 }),
    step1([], { cost: 1 }),
    answer('sum', user, [], { cost: 2, summary: true }),
    answer('free', user, []),
  ]
  expect(costOf(running(messages, { subtasks: { ses_a: costs } }), 1)).toBe(3.75)
})

describe('a compaction', () => {
  const sum = (facts: Partial<AssistantMessage> = {}): AssistantMessage => step1([], { summary: true, ...facts })
  const failure = (name: string) => ({ name, message: 'x', status: undefined, provider: undefined })
  const later = answer('msg_b', user, [], { ...open, created: 9 })
  const idle = { status: { kind: 'idle' } } as const

  test.each<[string, Conversation, RegExp]>([
    ['that goes on', running([sum()]), /^⬦ the context is full: summing up/],
    ['that is done', running([sum({ completed: 3 })]), /^⬦ the context was full: what came before has been summed up$/],
    ['that failed', running([sum({ failure: failure('ContextOverflowError') })]), /could not be summed up/],
    ['that was aborted', running([sum({ failure: failure('MessageAbortedError') })]), /stopped before it was done/],
    ['whose session went idle without a word', running([sum()], idle), /stopped before it was done/],
    ['whose session failed', running([sum()], { ...idle, failure: failure('APIError') }), /could not be summed up/],
    ['that a later step has passed', running([sum(), later]), /stopped before it was done/],
  ])('%s', (_name, state, expected) => {
    expect(lines(inTurn(state, {}))[0]).toMatch(expected)
  })
})

describe('a call of a tool that is written as text', () => {
  const line = (name: string) => `_(the model wrote a call of ${name} as text: it was not run)_`
  const call = '<invoke name="bash">\n<parameter name="command">ls</parameter>\n</invoke>'
  test.each([
    ['alone', call, line('bash')],
    ['between words', `Before\n${call}\nBehind`, `Before\n${line('bash')}\nBehind`],
    ['with words right behind', `${call} and on`, `${line('bash')}\n and on`],
    ['in an envelope', `<function_calls>\n${call}\n</function_calls>`, line('bash')],
    ['with a prefix', call.replaceAll(/<(\/?)/g, '<$1x:'), line('bash')],
    ['as JSON', '<tool_call>{"name": "read_file", "arguments": {}}</tool_call>', line('read\\_file')],
    ['by an equals sign', '<function=grep>\n<parameter=pattern>x</parameter>\n</function>', line('grep')],
    ['that never ends', 'Now:\n<tool_call>\n{"name": "bash"', `Now:\n${line('bash')}`],
    ['without a name', '<tool_use>\n</tool_use>', line('a tool')],
  ])('is one line: %s', (_name, raw, expected) => {
    expect(withoutToolCalls(raw)).toBe(expected)
  })

  test.each([
    `\`\`\`xml\n${call}\n\`\`\``,
    'Write `<invoke name="x">` in code',
    'Use <invoke name="x"> in a sentence',
    '<function>no call</function>',
    '<b>bold</b>',
    '~~~\n<tool_call>\n```\n<tool_call>\n~~~',
  ])('%j stays as it is', (raw) => {
    expect(withoutToolCalls(raw)).toBe(raw)
  })
})

test('toasts that name the session stand in the thread once each, ten at most, and wait for nothing', () => {
  const toast = (id: string, title?: string) =>
    ({ kind: 'toast', session: SESSION, toast: { id, variant: 'error', title, message: 'a *limit*\nis near' } }) as const
  const told = ['1', '2', '2', ...Array.from({ length: 20 }, (_, index) => `more-${index}`)].reduce(
    (state, id) => step(state, { kind: 'agent', at: 1, event: toast(id, id === '1' ? 'Usage' : undefined) }).state,
    running([step1([text('prt_1', 'begun', false)])]),
  )
  const shown = view(told).filter(({ outOfBand }) => outOfBand)
  expect(shown).toHaveLength(10)
  expect(shown.slice(0, 2).map((block) => block.text)).toEqual([
    String.raw`⬦ error: Usage: a \*limit\* is near`,
    String.raw`⬦ error: a \*limit\* is near`,
  ])
})
