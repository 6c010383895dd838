/** Two machines with one bot token that have the same channel. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unknown } from './support/fake-chat.ts'
import { allClosed, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet } from './support/until.ts'
import { CHANNEL, nextId } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const warnings = (bot: BotRun): number => bot.lines.filter((line) => line.includes('another Kimaki answers')).length

/** The gateway tells of a message of the bot's own user. */
function tells(bot: BotRun, channelId: string, messageId: string, nonce?: string): void {
  const place = { channelId, projectChannelId: CHANNEL, inThread: channelId !== CHANNEL }
  bot.chat.emit({ kind: 'own', place, messageId, nonce, position: bot.chat.nextPosition() })
}

async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    harness.clock.advance(5000)
    await quiet(3)
  }
}

async function answered(bot: BotRun): Promise<string> {
  const { id } = await prompted(bot)
  bot.answer('msg_a', 'Once.')
  await allClosed(bot)
  return id
}

describe('a message of our own user in one of our threads', () => {
  test('that is on no record of ours is told the operator within a minute, once', async () => {
    const bot = await harness.run()
    const thread = await answered(bot)
    tells(bot, thread, nextId(), 'k-of-the-other')
    await pass(60)
    tells(bot, thread, nextId())
    await pass(60)
    expect(warnings(bot)).toBe(1)
  })

  test.each<readonly [string, (bot: BotRun, thread: string) => void]>([
    ['is one of our posts', ({ chat, ...bot }, thread) => chat.posts.forEach(({ id }) => tells({ chat, ...bot }, thread, id))],
    ['is told while no answer to its post has come', (bot, thread) => lost(bot, thread)],
    ['says why nothing is run', (bot, thread) => tells(bot, thread, nextId(), 'say-123')],
    ['stands in the channel', (bot) => tells(bot, CHANNEL, nextId())],
    ['stands in a thread of the other machine', (bot) => tells(bot, nextId(), nextId())],
  ])('that %s is none of another process', async (_what, happens) => {
    const bot = await harness.run()
    const thread = await answered(bot)
    happens(bot, thread)
    await quiet()
    await pass(120)
    expect(warnings(bot)).toBe(0)
  })

  /** It is posted, and for minutes Discord tells it nobody but the gateway. */
  function lost(bot: BotRun, thread: string): void {
    bot.chat.on.post = async () => unknown
    bot.reply({ id: thread }, 'and now?')
    bot.agent.answers('and now?', 'Twice.')
    tells(bot, thread, nextId(), 'k-ours')
  }

  test('a stop leaves no check', async () => {
    const bot = await harness.run()
    const thread = await answered(bot)
    tells(bot, thread, nextId())
    await quiet()
    await bot.stop()
    await pass(60)
    expect(warnings(bot)).toBe(0)
  })
})
