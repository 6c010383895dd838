/** What Discord does not answer for waits, and holds up nothing but itself; a kill in the middle of reading loses nothing. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { CatchUpPage } from '../../src/ports/chat.ts'
import type { StorePort } from '../../src/ports/store.ts'
import { position, unknown } from './support/fake-chat.ts'
import { openHarness, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, message, ownerAccess } from '../support/conversation.ts'

const OTHER = '100000000000000009'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const page = (...messages: readonly IncomingMessage[]): CatchUpPage => ({
  messages: messages.map((found) => ({ message: found, access: ownerAccess })),
  lastId: messages.at(-1)?.id,
  more: false,
})

const after = (from: string, ...messages: readonly IncomingMessage[]) => page(...messages.filter(({ id }) => id > from))

const withOther = ({ store }: { readonly store: StorePort }): void =>
  void store.linkProject({ channelId: OTHER, guildId: GUILD, directory: '/project/other' }, '100000000000000000')

const elsewhere = { channelId: OTHER, projectChannelId: OTHER }

const words = (bot: BotRun): readonly string[] =>
  bot.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))

const fresh = (bot: BotRun): void => bot.chat.emit({ kind: 'fresh', position: position(50) })

describe('a channel that cannot be read', () => {
  /** `answers`: does Discord answer for the broken channel, and for the other one, yet? */
  async function broken(
    answers: (channelId: string) => boolean,
  ): Promise<{ readonly bot: BotRun; readonly missed: IncomingMessage }> {
    const missed = message('missed in the broken one')
    const found = message('missed in the other', elsewhere)
    const bot = await harness.run(withOther)
    bot.chat.on.readAfter = async (channelId, from) => {
      if (!answers(channelId)) return unknown
      return channelId === OTHER ? after(from, found) : after(from, missed)
    }
    fresh(bot)
    await quiet()
    bot.send('live in the broken one')
    bot.send('live in the other', elsewhere)
    await quiet()
    return { bot, missed }
  }

  test('holds its own live messages; the other channel is read and listened to', async () => {
    let isBack = false
    const { bot } = await broken((channelId) => isBack || channelId === OTHER)
    expect(words(bot)).toEqual(['missed in the other', 'live in the other'])
    harness.clock.advance(2000)
    await quiet()
    expect(await bot.store.position(), 'a restart must begin here again').toBeUndefined()
    isBack = true
    harness.clock.advance(30_000)
    await until('all', () => words(bot).length === 4)
    expect(words(bot).slice(2)).toEqual(['missed in the broken one', 'live in the broken one'])
    harness.clock.advance(2000)
    await until('the position', async () => (await bot.store.position())?.sequence === 3)
  })

  test('red control: were messages of one channel held for the other, none would be taken', async () => {
    const { bot } = await broken(() => false)
    expect(words(bot)).toEqual([])
  })

  test('holds a reply to a message of it that is not read yet, not one in a thread that is known', async () => {
    let isBack = false
    const bot = await harness.run(withOther)
    const known = bot.send('known')
    await until('the prompt', () => bot.agent.prompts.length === 1)
    const missed = message('missed')
    bot.chat.on.readAfter = async (channelId, from) => {
      if (channelId !== CHANNEL) return page()
      return isBack ? after(from, known, missed) : unknown
    }
    fresh(bot)
    await quiet()
    bot.reply(missed, 'a reply to it')
    bot.reply(known, 'a reply to the known one')
    await quiet()
    expect(words(bot)).toEqual(['known', 'a reply to the known one'])
    isBack = true
    harness.clock.advance(30_000)
    await until('all', () => words(bot).length === 4)
    expect(words(bot).slice(2)).toEqual(['missed', 'a reply to it'])
  })
})

test('a channel that was linked while Discord could not be asked begins where the first connection finds it', async () => {
  const early = message('before', elsewhere)
  const late = message('after', elsewhere)
  const bot = await harness.run(({ store }) => {
    void store.linkProject({ channelId: OTHER, guildId: GUILD, directory: '/project/other' }, undefined)
  })
  bot.chat.on.newestIn = async () => early.id
  bot.chat.on.readAfter = async (channelId, from) => (channelId === OTHER ? after(from, early, late) : page())
  fresh(bot)
  await until('the prompt', () => words(bot).length === 1)
  await quiet()
  expect(words(bot)).toEqual(['after'])
})

describe('killed between a channel and its archived thread', () => {
  async function killed(forget: (store: StorePort) => Partial<StorePort>): Promise<BotRun> {
    const first = message('begins a thread')
    const second = message('in the thread', { channelId: first.id, inThread: true })
    const later = message('later in the channel')
    const prepare = (bot: BotRun, readsThread: boolean): void => {
      bot.chat.on.threadsSince = async (_channels, since) =>
        // Archived: it is listed only if it holds anything newer.
        second.id > since(CHANNEL) ? [{ id: first.id, parentId: CHANNEL }] : []
      bot.chat.on.readAfter = async (channelId, from) => {
        if (channelId === CHANNEL) return after(from, first, later)
        return readsThread ? after(from, second) : new Promise(() => undefined)
      }
    }
    const doomed = await harness.run()
    prepare(doomed, false)
    fresh(doomed)
    await until('the channel to be read', () => words(doomed).length === 2)
    const next = await harness.run(({ store }) => forget(store))
    prepare(next, true)
    fresh(next)
    await quiet()
    // This agent has lost what the other one had: the bot reads the session twice before it submits anything.
    for (let seconds = 0; seconds < 4; seconds += 1) {
      harness.clock.advance(1000)
      await quiet(100)
    }
    return next
  }

  const isTaken = async (bot: BotRun): Promise<boolean> =>
    (await bot.store.load(bot.chat.threads[0] ?? '')).inbox.length > 0 || words(bot).includes('in the thread')

  test('the thread is read by the next one', async () => {
    expect(await isTaken(await killed(() => ({})))).toBe(true)
  })

  test('red control: without the mark the channel has moved past it', async () => {
    expect(await isTaken(await killed(() => ({ unread: async () => new Map() })))).toBe(false)
  })
})
