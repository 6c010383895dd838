/** `/board`: from the record, and kept up to date in one message of the channel. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { forbidden, gone } from '../support/fake-chat.ts'
import {
  allClosed,
  commandEvent,
  endsEffect,
  hangsAt,
  openHarness,
  prompted,
  type BotRun,
  type Harness,
} from '../support/harness.ts'
import { quiet, until } from '../support/until.ts'
import { CHANNEL } from '../../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

async function board(bot: BotRun, what?: string): Promise<string> {
  const before = bot.chat.replies.size
  bot.chat.emit(commandEvent(CHANNEL, 'board', { options: what === undefined ? {} : { do: what } }))
  await until('the answer', () => bot.chat.replies.size > before)
  return [...bot.chat.replies.values()].at(-1) ?? ''
}

const boards = (bot: BotRun) =>
  bot.chat.posts.filter(({ channelId, content }) => channelId === CHANNEL && /^\*\*|no thread/.test(content))
const edits = (bot: BotRun): number => bot.chat.calls.filter((call) => call === `edit ${boards(bot)[0]?.id}`).length

async function renewed(): Promise<void> {
  await quiet()
  harness.clock.advance(10_000)
  await quiet()
}

test('a thread that works, and one whose answer waits; nothing is asked of OpenCode', async () => {
  const bot = await harness.run()
  const { id } = await prompted(bot)
  expect(await board(bot)).toMatch(new RegExp(`^⬦ nothing waits for you\n\\*\\*the agent works\\*\\* \\(1\\)\n- <#${id}> `))
  const asked = bot.agent.calls.length
  bot.answer(id, 'done')
  await allClosed(bot)
  expect(await board(bot)).toMatch(new RegExp(`^\\*\\*waits for you\\*\\* \\(1\\)\n- <#${id}> .* · answered$`))
  expect(bot.agent.calls.slice(asked).filter((call) => call.startsWith('sessions'))).toEqual([])
})

test('pinned: one message, renewed at most every 10 s, also by the next bot', async () => {
  const bot = await harness.run()
  expect(await board(bot, 'pin')).toMatch(/^✓ the board stands in this channel/)
  expect(boards(bot).map(({ content }) => content)).toEqual([expect.stringMatching(/^⬦ no thread here yet/)])
  const { id } = await prompted(bot)
  expect(boards(bot)[0]?.content).toMatch(/no thread/)
  await renewed()
  expect(boards(bot)[0]?.content).toContain(`<#${id}>`)
  const before = edits(bot)
  await renewed()
  expect(edits(bot)).toBe(before)
  bot.answer(id, 'done')
  await allClosed(bot)
  const next = await harness.run()
  expect(boards(next)[0]?.content).toMatch(/the agent works/)
  await renewed()
  expect(boards(next)[0]?.content).toMatch(/\*\*waits for an answer\*\* \(1\)\n.* · Ann: answered/)
  expect(boards(next)).toHaveLength(1)
})

test('pinned twice it is the same message, and killed before it is on record, too', async () => {
  const first = await harness.run(hangsAt(endsEffect('command-work')))
  first.chat.emit(commandEvent(CHANNEL, 'board', { options: { do: 'pin' } }))
  await until('the board', () => boards(first).length === 1)
  await quiet()
  const bot = await harness.run()
  await until('the answer', () => bot.chat.replies.size > 0)
  expect(await board(bot, 'pin')).toMatch(/^✓/)
  expect(boards(bot)).toHaveLength(1)
})

test('without the right to pin: a sentence, and the message stays', async () => {
  const bot = await harness.run()
  bot.chat.on.pin = async () => forbidden
  expect(await board(bot, 'pin')).toMatch(/but it is not pinned: .*\nGive the role of the bot "Pin Messages"/)
  expect(boards(bot)).toHaveLength(1)
})

test('a message that somebody deleted ends the board; so does unpin', async () => {
  const bot = await harness.run()
  await board(bot, 'pin')
  bot.chat.on.edit = async () => gone
  await prompted(bot)
  await renewed()
  expect(await bot.store.boards()).toEqual(new Map())
  bot.chat.on.edit = async () => undefined
  expect(await board(bot, 'unpin')).toMatch(/^⬦ no board/)
  await board(bot, 'pin')
  expect(await board(bot, 'unpin')).toMatch(/^✓ the board is not kept up to date any more/)
  expect(await bot.store.boards()).toEqual(new Map())
})
