import { expect, test } from 'vitest'
import type { JournalEntry as EmulatorEntry } from '../../discord-emulator/src/journal.ts'
import type { ModelLogEntry } from '../../scripted-model/src/api.ts'
import { check, summarise } from '../src/index.ts'
import type { CheckInput } from '../src/index.ts'
import { emptyRun } from './fixtures/run.ts'
import { CHANNEL, twoTurns } from './fixtures/stories.ts'

const lines = { isInterrupted: () => false, isRefusal: () => false }

test('the emulator’s journal and the model’s log fit as they are', () => {
  const journal: readonly EmulatorEntry[] = []
  const model: readonly ModelLogEntry[] = []
  const input: CheckInput = { journal, model, prompts: /#m\d+/, ...lines }
  expect(check(input)).toEqual({ findings: [], messages: 0, answered: 0, interrupted: 0, told: 0 })
})

test('a function may choose the messages, and tags may look otherwise', () => {
  const run = emptyRun()
  const asked = run.person(CHANNEL, 'please <7>')
  run.person(CHANNEL, 'not you <8>')
  const { journal, model } = run
  const verdict = check({ journal, model, prompts: ({ content }) => content.startsWith('please'), tags: /<\d+>/g, ...lines })
  expect(verdict).toMatchObject({ messages: 1, findings: [{ kind: 'lost', messageId: asked, tag: '<7>' }] })
})

test('a tag in two messages is a mistake of the caller', () => {
  const run = emptyRun()
  run.person(CHANNEL, 'one #m1')
  run.person(CHANNEL, 'two #m1')
  expect(() => run.verdict()).toThrow(/#m1 stands in the messages \d+ and \d+; a tag belongs to one message/)
})

test('the summary counts, and has a line for each finding', () => {
  const { run, thread } = twoTurns()
  expect(summarise(run.verdict())).toBe(
    '2 messages: 2 answered, 0 interrupted, 0 told; nothing lost, doubled, out of order or crossed.',
  )
  const lost = run.person(thread, 'more #m3', { parent: CHANNEL })
  expect(summarise(run.verdict())).toBe(
    `3 messages: 2 answered, 0 interrupted, 0 told; 1 finding:\n- lost: message ${lost} "more #m3" has no end in thread ${thread}: no request of the model carries it`,
  )
})
