/** What was written while nobody listened: read in order, with cursors that never pass what was not read. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { CatchUpPage } from '../../src/ports/chat.ts'
import { position, unknown } from './support/fake-chat.ts'
import { never, openHarness, openStore, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, message, ownerAccess } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const page = (messages: readonly IncomingMessage[], more = false): CatchUpPage => ({
  messages: messages.map((found) => ({ message: found, access: ownerAccess })),
  lastId: messages.at(-1)?.id,
  more,
})

/** Nothing is left to be read, and nothing waits. */
async function caughtUp(bot: BotRun): Promise<void> {
  await until('caught up', async () => (await bot.store.unread()).size === 0)
  await quiet()
}

test('a stop in the middle leaves the old position: the next start reads the rest', async () => {
  const bot = await harness.run()
  bot.chat.on.readAfter = async () => never
  bot.chat.emit({ kind: 'fresh', position: position(1) })
  await quiet()
  await bot.stop()
  const store = openStore(harness.file)
  expect(await store.position()).toBeUndefined()
  await store.close()
})

test('the position is saved once everything has been read', async () => {
  const bot = await harness.run()
  bot.chat.emit({ kind: 'fresh', position: position(7) })
  await quiet()
  await caughtUp(bot)
  harness.clock.advance(1000)
  await quiet()
  expect((await bot.store.position())?.sequence).toBe(7)
})

test('a message with nothing in it, written meanwhile, is answered', async () => {
  const bot = await harness.run()
  const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
  const empty = [{ messageId: '300000000000000001', place, mentionsBot: false, access: ownerAccess }]
  bot.chat.on.readAfter = async () => ({ messages: [], empty, lastId: '300000000000000001', more: false })
  bot.chat.emit({ kind: 'fresh', position: position(1) })
  await caughtUp(bot)
  expect(bot.texts()).toEqual([expect.stringContaining('nothing')])
})

test('a thread is read after its channel, so that its first message comes first', async () => {
  const bot = await harness.run()
  const first = message('one')
  const second = message('two', { channelId: first.id, inThread: true })
  const channelRead = Promise.withResolvers<void>()
  bot.chat.on.threadsSince = async () => [{ id: first.id, parentId: CHANNEL }]
  bot.chat.on.readAfter = async (channelId, after) => {
    if (channelId !== CHANNEL) return page(after >= second.id ? [] : [second])
    await channelRead.promise
    return page(after >= first.id ? [] : [first])
  }
  bot.chat.emit({ kind: 'fresh', position: position(1) })
  await quiet()
  channelRead.resolve()
  await until('both prompts', () => bot.agent.prompts.length === 2)
  expect(bot.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))).toEqual(['one', 'two'])
})

test('a page that fails is asked for again from where the last one ended', async () => {
  const bot = await harness.run()
  const [one, two, three] = [message('1'), message('2'), message('3')] as const
  const asked: string[] = []
  let fails = true
  bot.chat.on.readAfter = async (_channel, after) => {
    asked.push(after)
    if (after === two.id && fails) {
      fails = false
      return unknown
    }
    return after === two.id ? page([three]) : page([one, two], true)
  }
  bot.chat.emit({ kind: 'fresh', position: position(1) })
  await quiet()
  harness.clock.advance(500)
  await caughtUp(bot)
  expect(asked.slice(1)).toEqual([two.id, two.id])
  expect((await bot.store.cursors()).get(CHANNEL)).toBe(three.id)
})

describe('a catch-up that breaks', () => {
  test('is begun again: live events are not held for ever', async () => {
    let fails = true
    const bot = await harness.run(({ store }) => ({
      cursors: async () => {
        if (fails) throw new Error('cannot read')
        return store.cursors()
      },
    }))
    bot.chat.emit({ kind: 'fresh', position: position(1) })
    await quiet()
    fails = false
    harness.clock.advance(60_000)
    await quiet()
    bot.send('hello')
    await quiet()
    expect(bot.agent.prompts).toHaveLength(1)
  })
})

test('the same message live and found is one prompt', async () => {
  const bot = await harness.run()
  const sent = bot.send('hello')
  bot.chat.on.readAfter = async (_channel, after) => page(after >= sent.id ? [] : [sent])
  bot.chat.emit({ kind: 'fresh', position: position(9) })
  await caughtUp(bot)
  await until('the prompt', () => bot.agent.prompts.length === 1)
  await quiet()
  expect(bot.agent.prompts).toHaveLength(1)
})
