import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Clock } from '../../src/base/clock.ts'
import { press } from '../support/buttons.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const FOOTER = /^\*alpha ⋅ main ⋅ .*scripted-model\*$/

const { harness, project, ask } = useHarness({ rules: E2E_RULES, opencode: 'lent' })

let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

test('a first message, sent in the moment the bot is ready, opens a thread with the answer and a footer', async () => {
  const thread = ask('hello there #m1')
  await harness.untilSaid(thread, 'Answer to #m1')
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
})

test('the thread is named from the message, then from the session', async () => {
  const thread = ask('please look at the parser and say what it does #m2')
  await harness.emulator.world.until('the thread', () => harness.emulator.world.channel(thread))
  await harness.emulator.world.until('the new name', () =>
    harness.emulator.journal.entries.find(
      (entry) => entry.kind === 'request' && entry.method === 'PATCH' && entry.path.includes(thread),
    ),
  )
  await harness.untilSaid(thread, FOOTER)
  expect(harness.emulator.world.channel(thread)).toMatchObject({
    name: 'please look at the parser and',
  })
})

test('a follow-up goes to the same session', async () => {
  const thread = ask('remember this #m3')
  await harness.untilSaid(thread, FOOTER)
  ask('and now this #m4', thread)
  await harness.untilSaid(thread, 'Answer to #m4')
  const sessions = harness.model.log
    .filter(({ hasTools, userTexts }) => hasTools && userTexts.some((text) => /#m[34]\b/.test(text)))
    .map(({ sessionId }) => sessionId)
  expect(new Set(sessions).size).toBe(1)
  harness.expectFaithful()
})

test('five messages within 150 ms are read in order, each once', async () => {
  const thread = ask('first of six #m5')
  await harness.untilSaid(thread, FOOTER)
  for (const tag of ['#m6', '#m7', '#m8', '#m9', '#m10']) ask(`burst ${tag}`, thread)
  await harness.untilSaid(thread, 'Answer to #m10')
  const last = harness.model.log.findLast(
    ({ hasTools, userTexts }) => hasTools && userTexts.some((text) => text.includes('#m10')),
  )
  expect(last?.userTexts.flatMap((text) => text.match(/#m\d+/g) ?? [])).toEqual(['#m5', '#m6', '#m7', '#m8', '#m9', '#m10'])
  harness.expectFaithful()
})

test('a tool run really writes a file, and its lines stand in the thread in order', async () => {
  const thread = ask('write hello.txt #m11')
  await harness.untilSaid(thread, 'Written #m11')
  await harness.untilSaid(thread, FOOTER)
  expect(readFileSync(join(project.directory, 'hello.txt'), 'utf8')).toBe('good\nmorning\n')
  const lines = harness
    .said(thread)
    .join('\n')
    .split('\n')
    .filter((line) => /^[◼┣⬥]/u.test(line))
  expect(lines.map((line) => line.replace(/ ⟦.*⟧/, ''))).toEqual([
    '⬥ I will write it.',
    '◼︎ write *hello.txt* (1 line)',
    '◼︎ edit *hello.txt* (+2-1)',
    '┣ bash _cat hello.txt_',
    '⬥ Written #m11',
  ])
  harness.expectFaithful()
})

test('a long answer is split at 2000 characters with its fences whole', async () => {
  const thread = ask('long #m12')
  await harness.untilSaid(thread, FOOTER)
  const parts = harness.emulator.world
    .messages(thread)
    .filter(({ author, content }) => author.id === harness.application.id && content !== '')
  expect(parts.length).toBeGreaterThan(5)
  for (const { content } of parts) {
    expect(content.length).toBeLessThanOrEqual(2000)
    expect((content.match(/^```/gm) ?? []).length % 2).toBe(0)
  }
  harness.expectFaithful()
})

test('an answer beyond eight messages becomes an opening and a Markdown file', async () => {
  const thread = ask('huge #m13')
  await harness.untilSaid(thread, FOOTER)
  const withFile = harness.emulator.world.messages(thread).filter(({ attachments }) => attachments.length > 0)
  expect(withFile).toHaveLength(1)
  expect(withFile[0]?.attachments[0]?.filename).toMatch(/\.md$/)
  await harness.untilSaid(thread, 'Paragraph 400')
  harness.expectFaithful()
})

test('a provider error is told, and the thread works afterwards', async () => {
  const thread = ask('unauthorized #m14')
  await harness.untilSaid(thread, /^✗ opencode session error: .*the key is not valid.*401/)
  ask('again #m15', thread)
  await harness.untilSaid(thread, 'Answer to #m15')
  harness.expectFaithful()
})

test('a model that answers nothing for ever is stopped, and the thread works afterwards', async () => {
  const thread = ask('silent #m16')
  await harness.untilSaid(thread, /^✗ .*/)
  ask('again #m17', thread)
  await harness.untilSaid(thread, 'Answer to #m17')
  expect(
    harness.model.log.filter(({ userTexts, hasTools }) => hasTools && userTexts.at(-1)?.includes('#m16')).length,
  ).toBeLessThan(20)
})

test('a permission is asked for on a card, and allowed there', async () => {
  const thread = ask('ask #m18')
  await harness.untilSaid(thread, /^⬦ The agent asks to use \*\*external\\_directory/)
  press(harness, thread, 'Allow once')
  await harness.untilSaid(thread, /✓ allowed once by \*\*ada\*\*$/)
  await harness.untilSaid(thread, 'Asked #m18')
})

test('a permission that is denied stops the run; the thread goes on', async () => {
  const thread = ask('ask #m19')
  await harness.untilSaid(thread, /^⬦ The agent asks/)
  press(harness, thread, 'Deny')
  await harness.untilSaid(thread, /✗ denied by \*\*ada\*\*: the run was stopped$/)
  ask('go on #m20', thread)
  await harness.untilSaid(thread, 'Answer to #m20')
  expect(harness.said(thread).some((text) => text.includes('Asked #m19'))).toBe(false)
})

test('a question is answered by a press', async () => {
  const thread = ask('question #m21')
  await harness.untilSaid(thread, /^⬦ \*\*Colour\*\*\nWhich colour/)
  press(harness, thread, 'Red')
  await harness.untilSaid(thread, /^⬦ The agent asked\n\*\*Colour\*\*: Red\n✓ answered by \*\*ada\*\*$/)
  await harness.untilSaid(thread, 'Coloured #m21')
})

test('two channels work at once, each in its own folder', async () => {
  const beta = await harness.project('beta')
  const [one, two] = [ask('write here.txt #m32'), ask('write here.txt #m33', beta.channelId)]
  await Promise.all([harness.untilSaid(one, 'Written #m32'), harness.untilSaid(two, 'Written #m33')])
  expect(existsSync(join(project.directory, 'here.txt')) && existsSync(join(beta.directory, 'here.txt'))).toBe(true)
  harness.expectFaithful()
})

test('a project folder that is gone is told, and works again once it is back', async () => {
  const gamma = await harness.project('gamma')
  renameSync(gamma.directory, `${gamma.directory}-away`)
  const thread = ask('hello #m24', gamma.channelId)
  await harness.untilSaid(thread, /^✗ .*gamma/)
  renameSync(`${gamma.directory}-away`, gamma.directory)
  ask('hello again #m25', thread)
  await harness.untilSaid(thread, 'Answer to #m25')
})

test('a turn that works longer than the operator allows is warned of, then stopped, and its thread goes on', async () => {
  bot.kill()
  await bot.gone
  // A minute of the limit lasts half a second.
  const clock = ({ now, after }: Clock): Clock => ({ now, after: (ms, callback) => after(ms === 60_000 ? 500 : ms, callback) })
  bot = await startInnerBot(harness, { settings: { turnLimitMin: 4 }, decorate: () => ({ clock }) })
  const thread = ask('endless tool #m26')
  await harness.untilSaid(thread, 'this turn is stopped after 4 minutes of work')
  await harness.untilSaid(thread, '✗ stopped: the turn has worked for 4 minutes, the limit here (KIMAKI_TURN_LIMIT_MIN)')
  ask('go on #m27', thread)
  await harness.untilSaid(thread, 'Answer to #m27')
})
