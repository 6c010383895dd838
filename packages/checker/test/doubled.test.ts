import { expect, test } from 'vitest'
import { emptyRun } from './fixtures/run.ts'
import { CHANNEL, twoTurns } from './fixtures/stories.ts'

test('a token in two messages, or twice in one, is doubled', () => {
  const { run, thread, tokens } = twoTurns()
  const again = run.bot(thread, `also done ${tokens[1]}`, { parent: CHANNEL })
  expect(run.verdict().findings).toMatchObject([{ kind: 'doubled', token: tokens[1] }])
  run.remove(again)
  expect(run.verdict().findings).toEqual([])
  run.bot(thread, 'in a file', { parent: CHANNEL, attached: [tokens[1]] })
  expect(run.verdict().findings).toMatchObject([{ kind: 'doubled', token: tokens[1] }])

  const once = twoTurns()
  once.run.edit(once.run.journal[1]?.messageId ?? '', `${once.tokens[0]} and ${once.tokens[0]}`)
  expect(once.run.verdict().findings).toMatchObject([{ kind: 'doubled', token: once.tokens[0] }])
})

test('a token in a message of components, which has no content, stands there: the second one is doubled', () => {
  const { run, thread, tokens } = twoTurns()
  const components = [{ type: 17, components: [{ type: 14 }, { type: 10, content: `**a**: ${tokens[1]}` }] }]
  run.bot(thread, '', { parent: CHANNEL, components })
  expect(run.verdict().findings).toMatchObject([{ kind: 'doubled', token: tokens[1] }])
})

test('an edited message shows only its last form', () => {
  const { run, tokens } = twoTurns()
  run.edit(run.journal.at(-1)?.messageId ?? '', `finished ${tokens[1]}`)
  expect(run.verdict().findings).toEqual([])
})

test('a prompt that the session heard twice is doubled, even if it was answered once', () => {
  const { run, thread } = twoTurns()
  run.person(thread, 'third #m3', { parent: CHANNEL })
  run.hear('ses_a', 'third #m3')
  run.hear('ses_a', 'third #m3')
  run.bot(thread, run.answer('ses_a'), { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({
    answered: 3,
    findings: [{ kind: 'doubled', tag: '#m3', detail: '#m3 "third #m3" is 2 user texts of request #2 in session ses_a' }],
  })
})

test('what a reply quotes is not heard twice', () => {
  const { run, thread } = twoTurns()
  run.person(thread, 'and this? #m3', { parent: CHANNEL, replyTo: thread })
  run.hear('ses_a', '> do this #m1\nand this? #m3')
  run.bot(thread, run.answer('ses_a'), { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ answered: 3, findings: [] })

  const beginning = run.person(CHANNEL, 'elsewhere #m4', { replyTo: thread })
  run.hear('ses_b', '> do this #m1\nelsewhere #m4')
  run.bot(beginning, run.answer('ses_b'), { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ answered: 4, findings: [] })
})

test.each([
  { kept: true, shown: false },
  { kept: false, shown: true },
  { kept: true, shown: true },
])('two last words to one prompt are doubled where the first was kept ($kept) or both are shown ($shown)', ({ kept, shown }) => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'build #m1')
  run.hear('ses_a', 'build #m1')
  const first = run.answer('ses_a', { kept })
  run.bot(thread, first, { parent: CHANNEL })
  run.answer('ses_a', { tools: ['bash'], kept: false })
  const second = run.answer('ses_a')
  if (shown) run.bot(thread, second, { parent: CHANNEL })
  expect(run.verdict().findings).toMatchObject([
    { kind: 'doubled', tag: '#m1', detail: `#m1 "build #m1" was answered twice in session ses_a: ${first} (#0), ${second} (#2)` },
  ])
})

test('an answer that was never kept nor shown may be given again', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'hi #m1')
  run.hear('ses_a', 'hi #m1')
  run.answer('ses_a', { kept: false })
  run.bot(thread, `hello ${run.answer('ses_a')}`, { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ answered: 1, findings: [] })
})

test('an answer that failed on the way may be given again', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'hi #m1')
  run.hear('ses_a', 'hi #m1')
  run.bot(thread, `hel ${run.answer('ses_a', { outcome: 'failed' })}`, { parent: CHANNEL })
  run.bot(thread, `hello ${run.answer('ses_a')}`, { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ answered: 1, findings: [] })
})

test('a prompt in two sessions is doubled', () => {
  const { run, thread } = twoTurns()
  run.hear('ses_b', 'and that #m2')
  run.bot(thread, run.answer('ses_b'), { parent: CHANNEL })
  expect(run.verdict().findings).toMatchObject([
    { kind: 'doubled', tag: '#m2', detail: '#m2 "and that #m2" stands in 2 sessions: ses_a, ses_b' },
  ])
})
