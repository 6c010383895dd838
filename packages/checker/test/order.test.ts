import { expect, test } from 'vitest'
import { emptyRun } from './fixtures/run.ts'
import { CHANNEL, twoTurns } from './fixtures/stories.ts'

test('a session has to hear a thread’s messages in Discord’s order', () => {
  for (const order of [
    ['#m2', '#m3'],
    ['#m3', '#m2'],
  ]) {
    const run = emptyRun()
    const thread = run.person(CHANNEL, 'a #m1')
    const second = run.person(thread, 'b #m2', { parent: CHANNEL })
    const third = run.person(thread, 'c #m3', { parent: CHANNEL })
    for (const tag of ['#m1', ...order]) run.hear('ses_a', tag)
    run.bot(thread, run.answer('ses_a'), { parent: CHANNEL })
    const expected = {
      kind: 'disordered',
      tag: '#m2',
      messageId: second,
      detail: `session ses_a heard #m3 before #m2, Discord has #m2 (${second}) before #m3 (${third})`,
    }
    expect(run.verdict()).toMatchObject({ answered: 3, findings: order[0] === '#m3' ? [expected] : [] })
  }
})

test('a thread has to show a session’s answers in the order of its requests', () => {
  const { run, thread, tokens } = twoTurns()
  const [first, last] = [run.journal[1]?.messageId ?? '', run.journal[3]?.messageId ?? '']
  run.edit(first, tokens[1])
  run.edit(last, tokens[0])
  expect(run.verdict().findings).toEqual([
    {
      kind: 'disordered',
      token: tokens[0],
      detail: `thread ${thread} shows ${tokens[1]} (#1) before ${tokens[0]} (#0) of session ses_a`,
    },
  ])
})

test('ids are compared as numbers', () => {
  const run = emptyRun()
  const thread = '999999999999999999'
  run.person(thread, 'early #m1', { parent: CHANNEL })
  const [entry] = run.journal.splice(0)
  if (entry) run.journal.push({ ...entry, messageId: thread, channelId: CHANNEL, parentId: undefined })
  run.person(thread, 'late #m2', { parent: CHANNEL })
  run.hear('ses_a', '#m1')
  run.hear('ses_a', '#m2')
  run.bot(thread, run.answer('ses_a'), { parent: CHANNEL })
  expect(run.verdict()).toMatchObject({ answered: 2, findings: [] })
})

test('threads do not order each other', () => {
  const { run } = twoTurns()
  twoTurns(run, 'ses_b', ['#m3', '#m4'])
  expect(run.verdict()).toMatchObject({ answered: 4, findings: [] })
})
