/** An input that throws inside the real bot: set aside after three tries with a line, and the thread works on. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHouse, type House, type Project } from '../support/house.ts'
import { until } from '../support/until.ts'
import { E2E_RULES } from './rules.ts'

const POISONED = { kind: 'composition', file: new URL('fixtures/poisoned-bot.ts', import.meta.url) } as const
const FOOTER = /^\*alpha/
const SET_ASIDE = '✗ an error in Kimaki'

let house: House
let project: Project

beforeEach(async () => {
  const unrenderable = { match: /render (#m\d+)/, steps: [{ kind: 'text', text: 'This is unrenderable.' } as const] }
  house = await startHouse({ rules: [unrenderable, ...E2E_RULES], emulator: { rateLimits: false } })
  project = await house.project('alpha')
})

afterEach(async () => {
  await house?.stop()
})

const ask = (text: string, channelId = project.channelId): string => house.owner.send(channelId, text).id
const asides = (threadId: string): number => house.said(threadId).filter((text) => text.startsWith(SET_ASIDE)).length

test.each(['poison step', 'poison twice', 'render'])('"%s": told once, and the next message is answered', async (poison) => {
  await house.bot(POISONED)
  const thread = ask('hello #m1')
  await house.untilSaid(thread, FOOTER)
  ask(`${poison} #m2`, thread)
  await house.untilSaid(thread, SET_ASIDE)
  ask('and now? #m3', thread)
  await house.untilSaid(thread, 'Answer to #m3')
  expect(asides(thread)).toBe(1)
  // Another conversation never noticed.
  await house.untilSaid(ask('hello #m4'), FOOTER)
  // What cannot be rendered cannot stand there; all else must.
  expect(house.verdict().findings.filter(({ detail }) => !(poison === 'render' && detail.includes('for #m2')))).toEqual([])
})

test('a first message that throws is told in the thread that it would have begun', async () => {
  await house.bot(POISONED)
  const thread = ask('poison step #m1')
  await house.untilSaid(thread, SET_ASIDE)
  ask('and now? #m2', thread)
  await house.untilSaid(thread, 'Answer to #m2')
  house.expectFaithful()
})

test('red control: where the tries are not on record, the message is never set aside, and is lost', async () => {
  const bot = await house.bot(POISONED, { RED: '1' })
  const thread = ask('poison step #m1')
  await until('five tries', () => bot.stderr().split('could not take an input').length > 5)
  expect(house.said(thread)).toEqual([])
  expect(house.verdict().findings.map(({ kind }) => kind)).toContain('lost')
})
