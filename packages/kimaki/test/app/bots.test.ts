/** Two bots that may each use the other: what they begin in a channel is bounded, before and after a restart. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHANNEL } from '../support/conversation.ts'
import { openHarness, postsIn, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness({ agentsAtOnce: 100 })))
afterEach(() => harness.close())

const author = { kind: 'person', id: '5', name: 'Robo', isBot: true } as const

async function ping(bot: BotRun, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) bot.send('ping', { author })
  await quiet(100)
}

const sentence = expect.stringMatching(/^⬦ bots have begun 20 conversations/) as string

test('20 conversations, one line in the channel, and none more before a person has spoken', async () => {
  const first = await harness.run()
  await ping(first, 25)
  await until('the line', () => postsIn(first, CHANNEL).length > 0)
  expect(first.agent.prompts).toHaveLength(20)
  expect(postsIn(first, CHANNEL)).toEqual([sentence])
  const second = await harness.run()
  const before = second.agent.prompts.length
  await ping(second, 3)
  expect(second.agent.prompts).toHaveLength(before)
  await prompted(second, 'what is going on?')
  await ping(second, 1)
  await until('the prompt of the bot', () => second.agent.prompts.length === before + 2)
})
