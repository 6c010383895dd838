/** An input that throws inside the real bot: set aside after three tries with a line, and the thread works on. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Rule } from 'scripted-model'
import { expect, test } from 'vitest'
import { fault } from '../faults/kinds.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { poisonedBy } from './fixtures/poison.ts'
import { E2E_RULES } from './rules.ts'

const SET_ASIDE = '✗ an error in Kimaki'

const UNRENDERABLE: Rule = { match: /render (#m\d+)/, steps: [{ kind: 'text', text: 'This is unrenderable.' }] }
const { harness, ask } = useHarness({ rules: [UNRENDERABLE, ...E2E_RULES], each: true })

const poisoned = (how = { remembersTries: true }): Promise<InnerBot> =>
  startInnerBot(harness, { decorate: () => poisonedBy(how) })
const asides = (threadId: string): number => harness.said(threadId).filter((text) => text.startsWith(SET_ASIDE)).length

test.each(['poison step', 'poison twice', 'render'])(
  `${fault('a request throws')}: "%s" is told once, and the next message is answered`,
  async (poison) => {
    await poisoned()
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
  },
)

test('a dispatch that cannot be read is passed over and kept: what stands before and behind it is answered, after a restart too', async () => {
  const bot = await startInnerBot(harness)
  const { faults } = harness.emulator
  const unreadable = (channelId?: string): void => {
    const change = (data: unknown): unknown => ({ ...(data as object), author: null })
    faults.addEvent(harness.application.id, { event: 'MESSAGE_CREATE', effect: { kind: 'change', change } })
    ask('nobody wrote this', channelId)
  }
  const thread = ask('hello #m1')
  await harness.untilSaid(thread, FOOTER)
  unreadable(thread)
  ask('and now? #m2', thread)
  await harness.untilSaid(thread, 'Answer to #m2')
  bot.kill()
  await bot.gone
  unreadable(thread)
  ask('and after the restart? #m3', thread)
  const next = await startInnerBot(harness)
  await harness.untilSaid(thread, 'Answer to #m3')
  await harness.untilFooters(thread, 3)
  harness.expectFaithful()
  expect([bot, next].map((each) => each.said().split('a dispatch of Discord cannot be read').length)).toEqual([2, 2])
  const db = new DatabaseSync(join(harness.dataDir, 'discord-sessions.db'), { readOnly: true })
  const rows = db.prepare('SELECT type, reason FROM dead_dispatch').all()
  db.close()
  const row = { type: 'MESSAGE_CREATE', reason: 'author is not an object' }
  expect(rows).toMatchObject([row, row])
})

test('a first message that throws is told in the thread that it would have begun', async () => {
  await poisoned()
  const thread = ask('poison step #m1')
  await harness.untilSaid(thread, SET_ASIDE)
  ask('and now? #m2', thread)
  await harness.untilSaid(thread, 'Answer to #m2')
  harness.expectFaithful()
})

test('red control: where the tries are not on record, the message is never set aside, and is lost', async () => {
  const bot = await poisoned({ remembersTries: false })
  const thread = ask('poison step #m1')
  await until('five tries', () => bot.said().split('could not take an input').length > 5)
  expect(harness.said(thread)).toEqual([])
  expect(harness.verdict().findings.map(({ kind }) => kind)).toContain('lost')
})
