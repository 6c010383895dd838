/** One message there and back, so that the fakes are known to be true. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { allClosed, openHarness, prompted, type Harness } from './support/harness.ts'
import { until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

test('a message is answered in its thread, with a footer, and the turn is closed', async () => {
  const bot = await harness.run()
  const first = await prompted(bot)
  bot.answer('msg_a', 'Done.')
  await until('the footer', () => bot.texts().length === 2)
  expect(bot.chat.posts.map(({ channelId }) => channelId)).toEqual([first.id, first.id])
  expect(bot.texts()[0]).toBe('⬥ Done.')
  expect(bot.texts()[1]).toMatch(/garden ⋅ main/)
  await allClosed(bot)
  expect(await bot.store.openConversations()).toEqual([])
})
