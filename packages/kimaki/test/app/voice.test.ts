/** Voice messages in the bot: fetched, written down by whoever is set up, tried again, and whatever dies. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatGone, ChatUnknown, UsageError, VoiceRefused, VoiceUnavailable } from '../../src/base/errors.ts'
import type { IncomingAttachment, IncomingMessage } from '../../src/domain/message/incoming.ts'
import { CHANNEL, GUILD, nextId, OWNER, ownerAccess } from '../support/conversation.ts'
import { recordingOf } from '../support/speech.ts'
import { commandEvent, endsEffect, hangsAt, never, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const prompts = (bot: BotRun): readonly string[] =>
  bot.agent.prompts.map(({ parts }) => parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join())

let count = 0
function speak(
  bot: BotRun,
  words: string,
  { thread, ...facts }: Partial<IncomingAttachment> & { readonly thread?: { readonly id: string }; readonly bytes?: Uint8Array } = {},
): IncomingMessage {
  const { bytes = recordingOf(words), ...more } = facts
  const id = `r${(count += 1)}`
  bot.chat.files.set(id, bytes)
  const file = { id, name: 'voice-message.ogg', contentType: 'audio/ogg', size: bytes.length, url: `https://x/${id}`, seconds: 4, ...more }
  return bot.send('', { attachments: [file], ...(thread && { channelId: thread.id, inThread: true }) })
}

const card = (bot: BotRun): string => {
  const { edits, posts } = bot.chat
  return [...posts.map(({ content }) => content), ...edits.map(({ content }) => content)].findLast((text) => /^[⬦✗]/.test(text)) ?? ''
}
const untilCard = async (bot: BotRun, wanted: RegExp | string): Promise<void> =>
  until(`the card ${String(wanted)}`, () => (typeof wanted === 'string' ? card(bot).includes(wanted) : wanted.test(card(bot))))

function press(bot: BotRun, label: string, threadId: string): void {
  const id = bot.chat.posts.flatMap(({ buttons = [] }) => buttons).concat(bot.chat.edits.flatMap(({ buttons = [] }) => buttons)).findLast((one) => one.startsWith(label))
  const place = { channelId: threadId, projectChannelId: CHANNEL, inThread: true }
  const pressed = { id: nextId(), guildId: GUILD, channelId: threadId, messageId: '5', customId: id ?? '', userId: OWNER, userName: 'Ann' }
  bot.chat.emit({ kind: 'pressed', press: pressed, place, token: 't', access: ownerAccess, position: undefined })
}

test('a voice message in the channel opens a thread, its card becomes what was understood, and the agent gets it', async () => {
  const bot = await harness.run()
  const release = Promise.withResolvers<string>()
  bot.transcriber.on = async () => release.promise
  speak(bot, 'plant a tree')
  await untilCard(bot, '⬦ listening to a voice message of 4s')
  release.resolve('plant a tree')
  await until('the prompt', () => prompts(bot).length === 1)
  expect(prompts(bot)).toEqual(['plant a tree'])
  await untilCard(bot, '⬦ heard: plant a tree')
})
