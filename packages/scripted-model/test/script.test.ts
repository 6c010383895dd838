import { afterEach, beforeEach, expect, test } from 'vitest'
import { startScriptedModel } from '../src/index.ts'
import type { ScriptedModel } from '../src/index.ts'
import { chat } from './fixtures/chat.ts'
import type { Message } from './fixtures/chat.ts'

let model: ScriptedModel

beforeEach(async () => {
  model = await startScriptedModel()
})
afterEach(() => model.stop())

const user = (text: string): Message => ({ role: 'user', content: text })
const answer = (text: string): Message => ({ role: 'assistant', content: text })
const call: Message = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'bash', arguments: '{}' } }],
}
const result: Message = { role: 'tool', content: 'ok', tool_call_id: 'a' }

test('the first rule that matches the last user text wins', async () => {
  model.setRules([
    { match: /number (\d+)/g, steps: (match) => [{ kind: 'text', text: `it was ${match[1] ?? '?'}` }] },
    { match: 'number', steps: [{ kind: 'text', text: 'too late' }] },
  ])
  for (const _ of [1, 2]) {
    const said = await chat(model.url, [user('nothing'), answer('ok'), user('number 12')])
    expect(said.text).toContain('it was 12')
  }
})

test('steps follow the tool rounds behind the last user text, and the last one repeats', async () => {
  model.setRules([
    {
      match: 'build',
      steps: [
        { kind: 'tools', calls: [{ name: 'bash', args: {} }] },
        { kind: 'text', text: 'built' },
      ],
    },
  ])
  const before = [user('build'), call, result, answer('done')]
  expect((await chat(model.url, [...before, user('build')])).calls).toHaveLength(1)
  expect((await chat(model.url, [...before, user('build'), call, result])).text).toContain('built')
  expect((await chat(model.url, [...before, user('build'), call, result, call, result])).text).toContain('built')
  expect(model.log.map(({ toolRounds }) => toolRounds)).toEqual([0, 1, 2])
})

test('the log says which user texts a request answers and which tokens its session has kept', async () => {
  await chat(model.url, [user('a'), answer('hm ⟦t000007⟧'), user('b'), call, result, user('c'), user('d')])
  expect(model.log[0]).toMatchObject({
    userTexts: ['a', 'b', 'c', 'd'],
    answers: ['b', 'c', 'd'],
    toolRounds: 0,
    tokensBefore: ['⟦t000007⟧'],
  })
})

test('an answer that was cut off is none: the request after it answers the same text', async () => {
  await chat(model.url, [user('a'), answer('hm ⟦t000007⟧'), user('b'), answer('I beg')])
  expect(model.log[0]).toMatchObject({ answers: ['b'], tokensBefore: ['⟦t000007⟧'] })
})

test('parts of one user message are one text, and images from tools are nobody’s words', async () => {
  const parts: Message = {
    role: 'user',
    content: [
      { type: 'text', text: 'hello' },
      { type: 'image_url' },
      { type: 'text', text: '<system-reminder>x</system-reminder>' },
    ],
  }
  await chat(model.url, [
    { role: 'system', content: [{ type: 'text', text: 'be brief' }] },
    parts,
    call,
    result,
    user('Attached media from tool result:'),
  ])
  expect(model.log[0]).toMatchObject({ userTexts: ['hello\n<system-reminder>x</system-reminder>'], toolRounds: 1 })
})

test('a request without tools gets a short plain title', async () => {
  model.setRules([{ match: 'leak', steps: [{ kind: 'text', text: 'an answer' }] }])
  const said = await chat(
    model.url,
    [
      user('Generate a title for this conversation:\n'),
      user('<system-reminder>\nThe branch is main.\n</system-reminder> Fix the leak in `src/pool.ts` of the big blue house'),
    ],
    {
      tools: false,
    },
  )
  expect(said.text).toBe('Fix the leak in src pool.ts')
  expect(model.log[0]).toMatchObject({ step: 'title', token: undefined, hasTools: false })
})

test('a rule without tools answers at its own pace, without a token', async () => {
  model.setRules([{ withoutTools: true, match: 'leak', steps: [{ kind: 'text', text: 'The leak', chunks: 2, delayMs: 60 }] }])
  const startedAt = performance.now()
  const said = await chat(model.url, [user('Fix the leak')], { tools: false })
  expect(said.text).toBe('The leak')
  expect(performance.now() - startedAt).toBeGreaterThan(115)
})

test.each([
  ['no rule', [], 'no rule matches "what now"'],
  ['a rule without steps', [{ match: 'what', steps: [] }], 'the rule for what has no steps'],
  [
    'a rule that throws',
    [
      {
        match: 'what',
        steps: () => {
          throw new Error('oops')
        },
      },
    ],
    'the rule for what threw: oops',
  ],
])('%s is a visible text', async (_name, rules, text) => {
  model.setRules(rules)
  const said = await chat(model.url, [user('what now')])
  expect(said.text).toBe(`scripted-model: ${text} ⟦t000001⟧`)
  expect(model.log[0]?.step).toBe('unmatched')
})
