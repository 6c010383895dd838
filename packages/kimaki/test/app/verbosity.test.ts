/** `/verbosity`, around fakes: one setting for a channel, which every thread of it follows and a restart keeps. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandEvent, openHarness, postsIn, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { answer, busy, CHANNEL, part, says, tool } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const replies = (bot: BotRun): readonly string[] => [...bot.chat.replies.values()]

/** The agent calls bash. */
async function calls(bot: BotRun): Promise<void> {
  const user = bot.agent.user()
  const step = answer(`msg_${user.id}`, user, [tool(`prt_${user.id}`, 'running')], { completed: undefined, finish: undefined })
  bot.agent.emit(says(user), busy, says(step), ...step.parts.map((each) => part(step.id, each)))
  await quiet()
}

test('set in the channel, it counts for a thread whose agent works already, and after a restart for the next one', async () => {
  const bot = await harness.run()
  const running = await prompted(bot)
  bot.chat.emit(commandEvent(CHANNEL, 'verbosity', { options: { level: 'text_only' } }))
  await until('the answer', () => replies(bot).length === 1)
  await calls(bot)
  expect(postsIn(bot, running.id).filter((line) => line.includes('bash'))).toEqual([])
  const later = await harness.run()
  later.chat.emit(commandEvent(CHANNEL, 'verbosity', { options: { level: 'text_only' } }))
  await until('the answer', () => replies(later).at(-1)?.startsWith('⬦ already set: ') === true)
  const next = await prompted(later)
  await calls(later)
  expect(postsIn(later, next.id).filter((line) => line.includes('bash'))).toEqual([])
})
