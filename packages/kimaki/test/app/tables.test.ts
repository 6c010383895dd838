/** A table of the agent on its way to Discord: what becomes of its post when Discord refuses it, or when the bot dies meanwhile. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refused } from './support/fake-chat.ts'
import { allClosed, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const TABLE = '| cup | tea |\n|---|---|\n| 1 | assam |'
const SAID = '**cup**: 1\n**tea**: assam'
const drawn = (bot: BotRun) => bot.chat.posts.map(({ content, components, file }) => [content, components?.length, file])

test('Discord refuses the components: the words come as a file, without any', async () => {
  const bot = await harness.run(({ chat }) => {
    chat.on.post = async (_channel, content) => (content === SAID ? refused : undefined)
  })
  await prompted(bot)
  bot.answer('msg_a', TABLE)
  await until('the file', () => bot.chat.posts.length > 0)
  expect(drawn(bot)[0]).toEqual([expect.stringContaining('as a file'), undefined, SAID])
})

test('Discord refuses the file, too: one line says so, and the next posts go on', async () => {
  const bot = await harness.run(({ chat }) => {
    chat.on.post = async (_channel, content) => (content === SAID || content.includes('as a file') ? refused : undefined)
  })
  await prompted(bot)
  bot.answer('msg_a', TABLE)
  await until('the footer', () => bot.chat.posts.length === 2)
  expect(drawn(bot)[0]).toEqual([expect.stringMatching(/^✗ /), undefined, undefined])
  await allClosed(bot)
})

test('killed before Discord has it: the next process posts the same components', async () => {
  const bot = await harness.run(({ chat }) => {
    chat.on.post = async () => new Promise(() => undefined)
  })
  const { id } = await prompted(bot)
  bot.answer('msg_a', TABLE)
  await until('the row', async () => ((await bot.store.load(id)).state?.posts.outbox.length ?? 0) > 0)
  const next = await harness.run()
  await until('the table', () => next.chat.posts.length > 0)
  expect(drawn(next)[0]).toEqual([SAID, 1, undefined])
})
