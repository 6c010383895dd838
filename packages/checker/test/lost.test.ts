import { expect, test } from 'vitest'
import { emptyRun } from './fixtures/run.ts'
import { CHANNEL, twoTurns } from './fixtures/stories.ts'

test('a clean run has no findings', () => {
  expect(twoTurns().run.verdict()).toEqual({ findings: [], messages: 2, answered: 2, interrupted: 0, told: 0 })
})

test('a message without an answer is lost, with where it stopped', () => {
  const { run, thread } = twoTurns()
  const unheard = run.person(thread, 'more #m3', { parent: CHANNEL })
  const unshown = run.person(CHANNEL, 'new #m4')
  run.hear('ses_b', 'new #m4')
  run.answer('ses_b', { tools: ['bash'] })
  const token = run.answer('ses_b')
  expect(run.verdict()).toMatchObject({
    messages: 4,
    answered: 2,
    findings: [
      {
        kind: 'lost',
        messageId: unheard,
        tag: '#m3',
        detail: `message ${unheard} "more #m3" has no end in thread ${thread}: no request of the model carries it`,
      },
      {
        kind: 'lost',
        messageId: unshown,
        tag: '#m4',
        detail: `message ${unshown} "new #m4" has no end in thread ${unshown}: the last request for it is #3 (${token}, done), shown nowhere`,
      },
      { kind: 'lost', token: '⟦t000003⟧', tag: '#m4' },
    ],
  })
})

test('an answer counts in attached texts, but not in a deleted message or another thread', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'long #m1')
  run.hear('ses_a', 'long #m1')
  const token = run.answer('ses_a')
  const file = run.bot(thread, 'The answer begins …', { parent: CHANNEL, attached: [`all of it ${token}`] })
  expect(run.verdict()).toMatchObject({ answered: 1, findings: [] })

  run.remove(file)
  expect(run.verdict()).toMatchObject({ answered: 0, findings: [{ kind: 'lost', tag: '#m1' }] })
  run.bot(CHANNEL, `in the wrong place ${token}`)
  expect(run.verdict()).toMatchObject({ answered: 0, findings: [{ kind: 'lost', tag: '#m1' }] })
})

test('a text before tools is no answer', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'build #m1')
  run.hear('ses_a', 'build #m1')
  run.bot(thread, `I look. ${run.answer('ses_a', { tools: ['bash'] })}`, { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ answered: 0, findings: [{ kind: 'lost', tag: '#m1' }] })
})

test('one answer may answer several messages that waited', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'one #m1')
  run.person(thread, 'two #m12', { parent: CHANNEL })
  run.hear('ses_a', 'one #m1')
  run.hear('ses_a', 'two #m12')
  run.bot(thread, `both ${run.answer('ses_a')}`, { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ messages: 2, answered: 2, findings: [] })
})

test('the last form of a message counts, and a deleted one expects nothing', () => {
  const run = emptyRun()
  const edited = run.person(CHANNEL, 'nothing of note')
  run.edit(edited, 'now a task #m1')
  run.remove(run.person(CHANNEL, 'forget it #m2'))
  run.person(CHANNEL, 'just talk')
  expect(run.verdict()).toMatchObject({ messages: 1, findings: [{ kind: 'lost', messageId: edited, tag: '#m1' }] })
})

test('an interrupted message had a tool started and says so after it', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'build #m1')
  run.hear('ses_a', 'build #m1')
  run.answer('ses_a', { tools: ['bash'], kept: false })
  run.bot(thread, 'interrupted, send a message to continue', { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ interrupted: 1, findings: [] })
})

test.each(['no tool was called', 'the call never reached the agent', 'the line came before'])('it is lost where %s', (how) => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'start #m1')
  run.bot(thread, `fine ${(run.hear('ses_a', 'start #m1'), run.answer('ses_a'))}`, { parent: CHANNEL })
  if (how === 'the line came before') run.bot(thread, 'interrupted', { parent: CHANNEL })
  run.person(thread, 'build #m2', { parent: CHANNEL })
  run.hear('ses_a', 'build #m2')
  run.answer(
    'ses_a',
    how === 'no tool was called'
      ? { kept: false }
      : { tools: ['bash'], outcome: how === 'the line came before' ? 'done' : 'gone' },
  )
  if (how !== 'the line came before') run.bot(thread, 'interrupted', { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ interrupted: 0, findings: [{ kind: 'lost', tag: '#m2' }] })
})

test('a message that was told why is not lost; a line before it tells nothing', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'try #m1')
  run.bot(thread, 'error: no key', { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ told: 1, findings: [] })
  run.person(thread, 'again #m2', { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ told: 1, findings: [{ kind: 'lost', tag: '#m2' }] })
})

test.each([
  { kept: true, outcome: 'done', missed: true },
  { kept: false, outcome: 'done', missed: false },
  { kept: true, outcome: 'gone', missed: false },
] as const)(
  'a text that was $outcome and kept ($kept) by the session has to stand in the thread: $missed',
  ({ kept, outcome, missed }) => {
    const run = emptyRun()
    const thread = run.person(CHANNEL, 'build #m1')
    run.hear('ses_a', 'build #m1')
    const token = run.answer('ses_a', { tools: ['bash'], kept, outcome })
    run.bot(thread, `built ${run.answer('ses_a')}`, { parent: CHANNEL })
    const detail = `${token} (request #0, for #m1) stands in session ses_a, but not in thread ${thread}`
    const expected = { kind: 'lost', tag: '#m1', token, messageId: thread, detail }
    expect(run.verdict()).toMatchObject({ answered: 1, findings: missed ? [expected] : [] })
  },
)

test('title requests answer nothing and hear nothing', () => {
  const run = emptyRun()
  const thread = run.person(CHANNEL, 'name me #m1')
  run.hear('ses_a', 'name me #m1')
  run.answer('ses_a', { title: true })
  run.hear('ses_titles', 'name me #m1')
  run.answer('ses_titles', { title: true })
  expect(run.verdict().findings).toHaveLength(1)
  run.bot(thread, `yes ${run.answer('ses_a')}`, { parent: CHANNEL })
  expect(run.verdict().findings).toEqual([])
})
