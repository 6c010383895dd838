/** The footer of an answer names what really answered. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHarness, prompted, type Harness } from './support/harness.ts'
import { until } from './support/until.ts'
import { answer, run, text } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

test('a model that stood in for another one is named, with what the turn cost', async () => {
  const bot = await harness.run()
  await prompted(bot)
  const user = bot.agent.user()
  const model = { provider: 'q', model: 'stand-in' }
  bot.agent.emit(...run(user, answer('msg_a', user, [text('prt_a', 'Done.')], { model, agent: 'plan', cost: 0.25 })))
  await until('the footer', () => bot.texts().length === 2)
  expect(bot.texts()[1]).toMatch(/^\*garden ⋅ main ⋅ .*\$0\.25 ⋅ stand-in ⋅ \*\*plan\*\*\*$/)
})
