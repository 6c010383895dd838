/** What nobody reads and its author is told so: a message without anything in it, a mention of the bot outside of all projects. */
import { EmbedType, MessageType, type APIMessage } from 'discord-api-types/v10'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callsBot, isToBeTold, mayBeHeard } from '../../src/discord/inbound/incoming.ts'
import { ANN, BOT_ID, incoming, read, senderOf } from './raw-message.ts'
import { openWorld, type Chat, type World } from './world.ts'

const isToldSo = (facts: Partial<APIMessage>): boolean =>
  mayBeHeard(senderOf(facts), BOT_ID) && isToBeTold(senderOf(facts), read(facts))

test.each([
  ['nothing at all', {}, true],
  ['blanks', { content: ' \n' }, true],
  ['a preview of a page alone', { embeds: [{ type: EmbedType.Article, title: 'a page' }] }, true],
  ['words', { content: 'hello' }, false],
  ['a webhook', { webhook_id: '1' }, false],
  ['what Discord says itself', { type: MessageType.ThreadCreated }, false],
])('%s can be read by nobody, and its author is to be told: %s', (_, facts, expected) => {
  expect(isToldSo(facts)).toBe(expected)
})

test('another bot is never told, or two could go on for ever', () => {
  const author = { ...ANN, bot: true }
  expect(isToldSo({ author })).toBe(false)
  expect(callsBot(senderOf({ author }), `<@${BOT_ID}>`, BOT_ID)).toBe(false)
  expect(callsBot(senderOf({}), `<@${BOT_ID}>`, BOT_ID)).toBe(true)
})

test('a message of another bot says so of its author, in an edit and in the past of a channel, too', () => {
  expect(incoming({ author: { ...ANN, bot: true } }).author).toEqual({ kind: 'person', id: ANN.id, name: 'Ann', isBot: true })
  expect(incoming({ author: { ...ANN, bot: false } }).author).toEqual({ kind: 'person', id: ANN.id, name: 'Ann' })
})

describe('live', () => {
  let world: World
  let chat: Chat

  beforeEach(async () => {
    world = await openWorld()
    chat = world.chat()
  })

  afterEach(() => world.stop())

  const messageOf = (text: string) =>
    chat.until(`message ${text}`, () => chat.messages().find((message) => message.text.includes(text)))

  test('a mention of the bot is told in a channel that is no project; in a project it is a prompt', async () => {
    const elsewhere = world.guild.textChannel('elsewhere').id
    await chat.start()
    world.owner.send(elsewhere, 'no word to the bot')
    const called = world.owner.send(elsewhere, `<@${world.bot.id}> help`)
    world.owner.send(world.channelId, `<@${world.bot.id}> hello`)
    await messageOf('hello')
    expect(chat.events.filter(({ kind }) => kind === 'unread')).toMatchObject([
      { why: 'no-project', messageId: called.id, place: { channelId: elsewhere, inThread: false } },
    ])
  })
})
