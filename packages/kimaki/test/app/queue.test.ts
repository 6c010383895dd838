/** The queue: what waits is seen, can be changed, and runs when the agent is done, one at a time, whatever dies. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import { allClosed, commandEvent, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { answer, idle, ownerAccess, run, text } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const prompts = (bot: BotRun): readonly string[] =>
  bot.agent.prompts.map(({ parts }) => parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join())
const said = (bot: BotRun, part: string): boolean => bot.texts().some((line) => line.includes(part))

/** The agent works on a first message; `words` wait behind it. */
async function busyWith(
  bot: BotRun,
  ...words: readonly string[]
): Promise<{ thread: IncomingMessage; waiting: IncomingMessage[] }> {
  const thread = await prompted(bot)
  for (const event of run(
    bot.agent.user(),
    answer('msg_busy', bot.agent.user(), [], { completed: undefined, finish: undefined }),
  ).slice(0, 3))
    bot.agent.emit(event)
  const waiting = words.map((word) => bot.reply(thread, word))
  await until('the positions', () => bot.texts().filter((line) => line.includes('queued at position')).length === words.length)
  return { thread, waiting }
}

async function finish(bot: BotRun, id: string): Promise<void> {
  bot.answer(id, `Done ${id}.`)
  await until(`the answer ${id}`, () => said(bot, `Done ${id}.`))
}

test('a queued message shows its place and runs after the one before it, with a line that says whose turn it is', async () => {
  const bot = await harness.run()
  await busyWith(bot, 'water it. queue')
  expect(prompts(bot)).toEqual(['plant a tree'])
  expect(bot.chat.posts.at(-1)).toMatchObject({
    content: expect.stringContaining('position 1') as string,
    buttons: [expect.stringMatching(/^unqueue:/)],
  })
  await finish(bot, 'msg_a')
  await until('its turn', () => prompts(bot).at(-1) === 'water it')
  await until('the line', () => said(bot, '» **Ann:** water it'))
  await until('its position to go', () => said(bot, '⬦ was queued: its turn has come'))
  await finish(bot, 'msg_b')
  await allClosed(bot)
})

test('nothing to wait for: it runs at once, without a position and without a line (P-061, P-062)', async () => {
  const bot = await harness.run()
  bot.send('plant a tree. queue')
  await until('the prompt', () => prompts(bot).length === 1)
  await quiet()
  expect(prompts(bot)).toEqual(['plant a tree'])
  expect(bot.texts()).toEqual([])
})

test('one at a time, in order, and those behind move up (P-054)', async () => {
  const bot = await harness.run()
  await busyWith(bot, 'one. queue', 'two. queue', 'three. queue')
  await finish(bot, 'msg_a')
  await until('the first', () => prompts(bot).at(-1) === 'one')
  await until('they move up', () => bot.texts().filter((line) => /position [12]:/.test(line)).length === 2)
  await quiet()
  expect(prompts(bot)).toEqual(['plant a tree', 'one'])
  await finish(bot, 'msg_b')
  await until('the second', () => prompts(bot).at(-1) === 'two')
  await finish(bot, 'msg_c')
  await until('the third', () => prompts(bot).at(-1) === 'three')
})

test('a message without the suffix goes before the queue', async () => {
  const bot = await harness.run()
  const { thread } = await busyWith(bot, 'later. queue')
  bot.reply(thread, 'now')
  await until('the prompt', () => prompts(bot).at(-1) === 'now')
  bot.agent.emit(idle)
  await finish(bot, 'msg_a')
  await until('its turn', () => prompts(bot).at(-1) === 'later')
  expect(prompts(bot)).toEqual(['plant a tree', 'now', 'later'])
})

test('what Discord adds to a message, as a preview of its link, takes nothing out of the queue (P-060)', async () => {
  const bot = await harness.run()
  const { waiting } = await busyWith(bot, 'read https://example.com. queue')
  for (const message of waiting)
    bot.chat.emit({
      kind: 'edited',
      message,
      access: ownerAccess,
      editedAt: '2026-01-01T00:00:01.000Z',
      position: undefined,
    })
  await quiet()
  expect(said(bot, 'queued at position 1')).toBe(true)
  await finish(bot, 'msg_a')
  await until('its turn', () => prompts(bot).at(-1) === 'read https://example.com')
})

test('killed: the queue is there again, and goes on', async () => {
  const first = await harness.run()
  await busyWith(first, 'one. queue', 'two. queue')
  await quiet()
  const user = first.agent.user()
  first.agent.session = {
    status: { kind: 'idle' },
    messages: [user, answer('msg_a', user, [text('t', 'Done.')])],
    title: undefined,
  }
  const second = await harness.run()
  await quiet()
  harness.clock.advance(0)
  await until('its turn', () => prompts(second).at(-1) === 'one')
  await until('the line', () => said(second, '» **Ann:** one'))
  expect(prompts(second)).toEqual(['one'])
})

test('/clear-queue takes one out by its position, and then the rest; nothing of it runs', async () => {
  const bot = await harness.run()
  const { thread } = await busyWith(bot, 'water it. queue', 'prune it. queue', 'sell it. queue')
  const answerTo = async (options: Readonly<Record<string, number>>): Promise<string | undefined> => {
    const event = commandEvent(thread.id, 'clear-queue', { options })
    bot.chat.emit(event)
    await until('the answer', () => bot.chat.replies.has(event.command.token))
    return bot.chat.replies.get(event.command.token)
  }
  expect(await answerTo({ position: 4 })).toBe('✗ nothing waits at position 4\nThe queue has positions 1 to 3.')
  expect(await answerTo({ position: 2 })).toBe('⬦ taken out of the queue:\n2. prune it')
  expect(await answerTo({})).toBe('⬦ taken out of the queue:\n1. water it\n2. sell it')
  expect(await answerTo({})).toBe('✗ nothing waits in the queue of this thread')
  await finish(bot, 'msg_a')
  await allClosed(bot)
  expect(prompts(bot)).toEqual(['plant a tree'])
})
