import { expect, test } from 'vitest'
import { emptyRun } from './fixtures/run.ts'
import { CHANNEL, twoTurns } from './fixtures/stories.ts'

test('an answer in another session’s thread is crossed', () => {
  const { run, tokens } = twoTurns()
  const other = twoTurns(run, 'ses_b', ['#m3', '#m4'])
  const leak = run.bot(other.thread, `psst ${tokens[0]}`, { parent: CHANNEL })
  expect(run.verdict().findings).toMatchObject([
    { kind: 'doubled', token: tokens[0] },
    { kind: 'crossed', token: tokens[0], messageId: leak },
  ])
})

test('prompts of two threads in one session are crossed', () => {
  const run = emptyRun()
  const [a, b] = [run.person(CHANNEL, 'a #m1'), run.person(CHANNEL, 'b #m2')]
  run.hear('ses_a', 'a #m1')
  run.hear('ses_a', 'b #m2')
  run.bot(a, run.answer('ses_a'), { parent: CHANNEL })
  expect(run.verdict().findings).toMatchObject([
    { kind: 'lost', tag: '#m2' },
    { kind: 'crossed', detail: `session ses_a heard messages of 2 threads: #m1 of ${a}, #m2 of ${b}` },
  ])
})

test('a session that heard no tagged message crosses nothing', () => {
  const { run, thread } = twoTurns()
  run.hear('ses_child', 'look around')
  run.bot(thread, run.answer('ses_child'), { parent: CHANNEL })
  expect(run.verdict().findings).toEqual([])
})
