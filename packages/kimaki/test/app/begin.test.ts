/** What a program asks for: a conversation of its own, in one thread and one run whatever dies, or a message in a thread that exists. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Author, IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { Acceptance, Batch } from '../../src/ports/store.ts'
import { refused, unknown } from './support/fake-chat.ts'
import {
  DIRECTORY,
  allClosed,
  endsEffect,
  hangsAt,
  never,
  openHarness,
  postsIn,
  prompted,
  type BotRun,
  type Harness,
} from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, OWNER, message, nextId, ownerAccess } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const PROGRAM: Author = { kind: 'program', name: 'kimaki send', userId: undefined }
const speaksForAnn = { author: { kind: 'schedule', name: 'every morning', userId: OWNER } } as const
const PLACE = { guildId: GUILD, channelId: CHANNEL, directory: DIRECTORY }

/** The time that the first snowflakes of these tests stand for. */
const SENT_AT = '2016-07-05T21:00:00.000Z'

const written = (uuid: string, text: string, facts: Partial<IncomingMessage> = {}): IncomingMessage =>
  message(text, { id: `send:${uuid}`, author: PROGRAM, sentAt: SENT_AT, ...facts })

const begin = (uuid: string, text: string, name = text, facts: Partial<IncomingMessage> = {}): Acceptance => ({
  key: `send:${uuid}`,
  request: { kind: 'begin', message: written(uuid, text, facts), begins: { name } },
  conversation: { ...PLACE, id: `begin:${uuid}`, inThread: false },
  at: harness.clock.now(),
})

const inThread = (uuid: string, text: string, threadId: string, facts: Partial<IncomingMessage> = {}): Acceptance => ({
  key: `send:${uuid}`,
  request: { kind: 'message', message: written(uuid, text, { ...facts, channelId: threadId, inThread: true }) },
  conversation: { ...PLACE, id: threadId, inThread: true },
  at: harness.clock.now(),
})

const words = (bot: BotRun): readonly string[] =>
  bot.agent.prompts.map(({ parts }) => parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join())

const threadOf = (bot: BotRun): string => bot.chat.started[0]?.id ?? ''

describe('a conversation of its own', () => {
  test('opens a thread of the wanted name, shows the words of the program first, and runs them', async () => {
    const bot = await harness.run()
    await bot.submit(begin('1', 'count the leaves', 'Leaves'))
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(bot.chat.started).toMatchObject([{ channelId: CHANNEL, name: 'Leaves' }])
    expect(words(bot)).toEqual(['count the leaves'])
    bot.answer('msg_a', 'Seven.')
    await allClosed(bot)
    expect(postsIn(bot, threadOf(bot)).join('\n')).toMatch(/^» \*\*kimaki send:\*\* count the leaves\n[^]*Seven\.[^]*garden/)
    expect(postsIn(bot, CHANNEL)).toEqual([])
    expect(bot.chat.calls.filter((call) => call.startsWith('addMember'))).toEqual([])
  })

  test('goes on with what people write in its thread', async () => {
    const bot = await harness.run()
    await bot.submit(begin('1', 'count the leaves'))
    await until('the prompt', () => bot.agent.prompts.length === 1)
    await quiet()
    bot.answer('msg_a', 'Seven.')
    await allClosed(bot)
    bot.reply({ id: threadOf(bot) }, 'and the branches?')
    await until('the next prompt', () => bot.agent.prompts.length === 2)
    expect(bot.agent.prompts[1]?.session).toBe(bot.agent.prompts[0]?.session)
  })

  test('asked for twice under one key, it is one', async () => {
    const bot = await harness.run()
    await bot.submit(begin('1', 'count the leaves'))
    await bot.submit(begin('1', 'count the leaves'))
    await until('the prompt', () => bot.agent.prompts.length === 1)
    await quiet()
    expect([bot.chat.started.length, bot.agent.prompts.length]).toEqual([1, 1])
  })

  test('asked for twice in the same words, they are two', async () => {
    const bot = await harness.run()
    await Promise.all([bot.submit(begin('1', 'count the leaves')), bot.submit(begin('2', 'count the leaves'))])
    await until('both prompts', () => bot.agent.prompts.length === 2)
    expect(bot.chat.started).toHaveLength(2)
    expect(new Set(bot.agent.prompts.map(({ session }) => session)).size).toBe(2)
  })

  test('whose thread Discord refuses is told in the project channel, with the words', async () => {
    const bot = await harness.run()
    bot.chat.on.startThread = async () => refused
    await bot.submit(begin('1', 'count the leaves'))
    await until('the line', () => postsIn(bot, CHANNEL).length === 1)
    expect(postsIn(bot, CHANNEL)).toEqual([
      expect.stringMatching(/^» \*\*kimaki send:\*\* count the leaves\n✗ Discord refused to open a thread: Invalid Form Body/),
    ])
    expect(bot.chat.posts[0]?.notify).toBe(true)
    await allClosed(bot)
    expect(bot.agent.prompts).toEqual([])
  })

  test('for a person adds that person to its thread', async () => {
    const bot = await harness.run()
    await bot.submit(begin('1', 'count the leaves', 'Leaves', speaksForAnn))
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(bot.chat.calls).toContain(`addMember ${threadOf(bot)} ${OWNER}`)
  })

  test('for a person who may use Kimaki no more is not run, and its thread says so', async () => {
    const bot = await harness.run()
    bot.chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: 'another' })
    await bot.submit(begin('1', 'count the leaves', 'Leaves', speaksForAnn))
    await until('the line', () => postsIn(bot, threadOf(bot)).some((line) => line.includes('✗ not run')))
    await allClosed(bot)
    expect(bot.agent.prompts).toEqual([])
  })
})

describe('killed', () => {
  const acceptsIt = (batch: Batch): boolean => batch.accept?.some(({ key }) => key.startsWith('begun:')) ?? false
  /** The new conversation takes its first message: what it does is left to the next process. */
  const takesIt = (batch: Batch): boolean => batch.conversation?.state.turn.prompts.some(({ begins }) => begins) ?? false

  const beforeThread = ({ chat }: Pick<BotRun, 'chat'>): void => void (chat.on.startThread = async () => never)
  const afterThread = ({ chat }: Pick<BotRun, 'chat'>): void => {
    chat.on.startThread = async (name) => {
      chat.started.push({ id: nextId(), channelId: CHANNEL, name })
      return never
    }
  }

  test.each([
    ['before the thread', beforeThread],
    ['after the thread', afterThread],
    ['before the inbox row is written', hangsAt(acceptsIt)],
    ['after the inbox row is written', hangsAt(acceptsIt, 'after')],
    ['before the outcome is written', hangsAt((batch) => endsEffect('begin')(batch) || takesIt(batch))],
    ['before the outcome is written, while it runs', hangsAt(endsEffect('begin'))],
  ])('%s: one thread, one run', async (_when, prepare) => {
    const first = await harness.run(prepare)
    await first.submit(begin('1', 'count the leaves'))
    await quiet(60)
    const second = await harness.run()
    await quiet()
    const prompts = () => [...first.agent.prompts, ...second.agent.prompts]
    await until('the prompt', () => prompts().length > 0)
    await quiet(60)
    expect(second.chat.started).toHaveLength(1)
    expect(prompts()).toHaveLength(1)
    if (second.agent.prompts.length === 0) return
    harness.clock.advance(0)
    await quiet()
    second.answer('msg_a', 'Seven.')
    await allClosed(second)
    expect(postsIn(second, threadOf(second)).filter((line) => line.includes('count the leaves'))).toHaveLength(1)
    expect(postsIn(second, threadOf(second)).filter((line) => line.includes('Seven.'))).toHaveLength(1)
  })

  test('red control: were the thread not looked for, there would be two', async () => {
    const first = await harness.run(hangsAt(acceptsIt))
    await first.submit(begin('1', 'count the leaves'))
    await until('the thread', () => first.chat.started.length === 1)
    const second = await harness.run(({ chat }) => {
      chat.ownThreadsAfter = async () => []
    })
    await until('the prompt', () => second.agent.prompts.length === 1)
    expect(second.chat.started).toHaveLength(2)
  })

  test('with two of the same words: each gets a thread', async () => {
    const first = await harness.run(hangsAt(acceptsIt))
    await first.submit(begin('1', 'count the leaves'))
    await first.submit(begin('2', 'count the leaves'))
    await until('the first thread', () => first.chat.started.length === 1)
    await quiet(60)
    const second = await harness.run()
    await until('the prompts', () => second.agent.prompts.length === 2)
    expect(second.chat.started).toHaveLength(2)
  })

  test('a thread whose start had no answer is looked for before another is started', async () => {
    const bot = await harness.run()
    let tries = 0
    bot.chat.on.startThread = async (name) => {
      tries += 1
      bot.chat.started.push({ id: nextId(), channelId: CHANNEL, name })
      return unknown
    }
    await bot.submit(begin('1', 'count the leaves'))
    await until('a try', () => tries === 1)
    await quiet()
    harness.clock.advance(500)
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(tries).toBe(1)
  })
})

describe('a message in a thread that exists', () => {
  test('runs, and its words are shown: nobody wrote them there', async () => {
    const bot = await harness.run()
    const { id } = await prompted(bot)
    bot.answer('msg_a', 'Planted.')
    await allClosed(bot)
    await bot.submit(inThread('1', 'and water it', id))
    await until('the prompt', () => bot.agent.prompts.length === 2)
    expect(words(bot)[1]).toBe('and water it')
    bot.answer('msg_b', 'Watered.')
    await allClosed(bot)
    const lines = postsIn(bot, id)
    const at = lines.findIndex((line) => line.includes('» **kimaki send:** and water it'))
    expect(at).toBeGreaterThan(lines.findIndex((line) => line.includes('Planted.')))
    expect(lines.slice(at).join('\n')).toContain('Watered.')
    expect(bot.chat.started).toEqual([])
  })

  test('needs no rights, however late it runs: it has them by being on this machine', async () => {
    const first = await harness.run()
    const { id } = await prompted(first)
    first.answer('msg_a', 'Planted.')
    await allClosed(first)
    const second = await harness.run(hangsAt((batch) => batch.conversation?.state.id === id))
    await second.submit(inThread('1', 'and water it', id))
    await quiet()
    harness.clock.advance(60_000)
    const third = await harness.run(({ chat }) => {
      chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: 'another' })
    })
    await until('the prompt', () => third.agent.prompts.length === 1)
    expect(words(third)).toEqual(['and water it'])
  })

  test('for a person who may use Kimaki no more is not run: nobody has looked at the rights when it was accepted', async () => {
    const bot = await harness.run()
    const { id } = await prompted(bot)
    bot.answer('msg_a', 'Planted.')
    await allClosed(bot)
    bot.chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: 'another' })
    await bot.submit(inThread('1', 'and water it', id, speaksForAnn))
    await until('the line', () => postsIn(bot, id).some((line) => line.includes('✗ not run')))
    expect(bot.agent.prompts).toHaveLength(1)
  })
})
