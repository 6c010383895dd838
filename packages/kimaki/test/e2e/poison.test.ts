/** An input that throws inside the real bot: set aside after three tries with a line, and the thread works on. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHarness, type Harness, type Project } from '../support/harness.ts'
import { until } from '../support/until.ts'
import { E2E_RULES } from './rules.ts'

const POISONED = { kind: 'composition', file: new URL('fixtures/poisoned-bot.ts', import.meta.url) } as const
const FOOTER = /^\*alpha/
const SET_ASIDE = '✗ an error in Kimaki'

let harness: Harness
let project: Project

beforeEach(async () => {
  const unrenderable = { match: /render (#m\d+)/, steps: [{ kind: 'text', text: 'This is unrenderable.' } as const] }
  harness = await startHarness({ rules: [unrenderable, ...E2E_RULES], emulator: { rateLimits: false } })
  project = await harness.project('alpha')
})

afterEach(async () => {
  await harness?.stop()
})

const ask = (text: string, channelId = project.channelId): string => harness.owner.send(channelId, text).id
const asides = (threadId: string): number => harness.said(threadId).filter((text) => text.startsWith(SET_ASIDE)).length

test.each(['poison step', 'poison twice', 'render'])('"%s": told once, and the next message is answered', async (poison) => {
  await harness.bot(POISONED)
  const thread = ask('hello #m1')
  await harness.untilSaid(thread, FOOTER)
  ask(`${poison} #m2`, thread)
  await harness.untilSaid(thread, SET_ASIDE)
  ask('and now? #m3', thread)
  await harness.untilSaid(thread, 'Answer to #m3')
  expect(asides(thread)).toBe(1)
  // Another conversation never noticed.
  await harness.untilSaid(ask('hello #m4'), FOOTER)
  // What cannot be rendered cannot stand there; all else must.
  expect(harness.verdict().findings.filter(({ detail }) => !(poison === 'render' && detail.includes('for #m2')))).toEqual([])
})

test('a first message that throws is told in the thread that it would have begun', async () => {
  await harness.bot(POISONED)
  const thread = ask('poison step #m1')
  await harness.untilSaid(thread, SET_ASIDE)
  ask('and now? #m2', thread)
  await harness.untilSaid(thread, 'Answer to #m2')
  harness.expectFaithful()
})

test('red control: where the tries are not on record, the message is never set aside, and is lost', async () => {
  const bot = await harness.bot(POISONED, { RED: '1' })
  const thread = ask('poison step #m1')
  await until('five tries', () => bot.stderr().split('could not take an input').length > 5)
  expect(harness.said(thread)).toEqual([])
  expect(harness.verdict().findings.map(({ kind }) => kind)).toContain('lost')
})
