/** A question aside, around fakes: every step is on record, and done again after a crash without a second copy, thread or answer. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SessionGone } from '../../src/base/errors.ts'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { Batch } from '../../src/ports/store.ts'
import { FORK_AS } from './support/fake-agent.ts'
import { refused, unknown } from './support/fake-chat.ts'
import { allClosed, endsEffect, hangsAt, openHarness, postsIn, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { OWNER, answer, ownerAccess, run, text } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const asides = (bot: BotRun) => bot.agent.prompts.filter(({ session }) => session.startsWith('ses_copy'))

/** A thread whose first turn is over. */
async function thread(bot: BotRun): Promise<IncomingMessage> {
  const first = await prompted(bot)
  bot.answer('msg_a', 'Planted.')
  await allClosed(bot)
  return first
}

function answerAside(bot: BotRun, words: string): void {
  const [prompt] = asides(bot)
  if (!prompt) throw new Error('nothing was asked aside')
  const user = bot.agent.user(prompt)
  for (const event of run(user, answer('msg_aside', user, [text('prt_aside', words)])))
    bot.agent.emit({ ...event, session: prompt.session })
}

test('the question gets a copy, a thread and an answer of its own; here one line says where', async () => {
  const bot = await harness.run()
  const source = await prompted(bot)
  bot.reply(source, 'why so slow. btw')
  await until('the prompt', () => asides(bot).length === 1)
  const [started] = bot.chat.started
  expect(started?.name).toBe('btw: why so slow. btw')
  expect(bot.chat.calls).toContain(`addMember ${started?.id} ${OWNER}`)
  expect(asides(bot)[0]).toMatchObject({ directory: '/project/garden', answeredBy: FORK_AS })
  expect(bot.agent.calls).not.toContain('abort')
  answerAside(bot, 'Because.')
  await until('the footer', () => postsIn(bot, started?.id ?? '').some((line) => line.includes('garden')))
  await until('the line', () => postsIn(bot, source.id).length === 1)
  expect(postsIn(bot, source.id)).toEqual([`⬦ asked aside in <#${started?.id}>`])
  expect(postsIn(bot, started?.id ?? '').join('\n')).toMatch(
    new RegExp(
      `^⬦ a question aside, with all that was said in <#${source.id}>\\n» \\*\\*Ann:\\*\\* why so slow\\n[^]*Because\\.[^]*garden`,
    ),
  )
  bot.answer('msg_a', 'Planted.')
  await allClosed(bot)
})

test('what is written in its thread goes on in the copy', async () => {
  const bot = await harness.run()
  const source = await thread(bot)
  bot.reply(source, 'why. btw')
  await until('the prompt', () => asides(bot).length === 1)
  answerAside(bot, 'Because.')
  await allClosed(bot)
  bot.reply({ id: bot.chat.started[0]?.id ?? '' }, 'and then?')
  await until('the next prompt', () => asides(bot).length === 2)
  expect(asides(bot)[1]?.session).toBe(asides(bot)[0]?.session)
  expect(asides(bot)[1]?.answeredBy).toBeUndefined()
})

const isItsOwn = (batch: Batch): boolean => batch.conversation?.state.turn.prompts.some((prompt) => prompt.begins) ?? false
const acceptsIt = (batch: Batch): boolean => batch.accept?.some(({ key }) => key.startsWith('btw:')) ?? false

test.each([
  ['the copy was made, and nobody was told', hangsAt(endsEffect('fork'))],
  ['the thread was opened, and its inbox row is not written', hangsAt(acceptsIt)],
  ['its inbox row is written, and nobody was told', hangsAt((batch) => endsEffect('begin')(batch) || isItsOwn(batch))],
])('killed when %s: one copy, one thread, one prompt', async (_when, hanging) => {
  const first = await harness.run()
  const source = await thread(first)
  const second = await harness.run(hanging)
  second.reply(source, 'why. btw')
  await quiet(60)
  const third = await harness.run()
  await until('the prompt', () => asides(third).length === 1)
  // What is found on record is read first.
  await quiet()
  harness.clock.advance(0)
  await quiet()
  answerAside(third, 'Because.')
  await until('the line', () => postsIn(third, source.id).some((line) => line.startsWith('⬦ asked aside')))
  await allClosed(third)
  expect(third.agent.forks.size).toBe(1)
  expect(third.chat.started).toHaveLength(1)
  expect(postsIn(third, third.chat.started[0]?.id ?? '').filter((line) => line.includes('Because.'))).toHaveLength(1)
  expect(asides(second).length + asides(third).length).toBe(1)
})

test('red control: were the thread not looked for, there would be two', async () => {
  const first = await harness.run()
  const source = await thread(first)
  const second = await harness.run(hangsAt(acceptsIt))
  second.reply(source, 'why. btw')
  await until('the thread', () => second.chat.started.length === 1)
  const third = await harness.run(({ chat }) => {
    chat.ownThreadsAfter = async () => []
  })
  await until('the prompt', () => asides(third).length === 1)
  expect(third.chat.started).toHaveLength(2)
})

test('two questions of the same words in one go get a thread each, even after a crash', async () => {
  const first = await harness.run()
  const source = await thread(first)
  const second = await harness.run(hangsAt(acceptsIt))
  second.reply(source, 'why. btw')
  second.reply(source, 'why. btw')
  await until('the first thread', () => second.chat.started.length === 1)
  await quiet(60)
  const third = await harness.run()
  await until('the prompts', () => asides(third).length === 2)
  expect(third.chat.started).toHaveLength(2)
  expect(new Set(asides(third).map(({ session }) => session)).size).toBe(2)
})

test('a thread of unknown outcome is looked for before another is started', async () => {
  const bot = await harness.run()
  const source = await thread(bot)
  let tries = 0
  bot.chat.on.startThread = async (name) => {
    tries += 1
    bot.chat.started.push({ id: `9${source.id}`, channelId: source.channelId, name })
    return unknown
  }
  bot.reply(source, 'why. btw')
  await until('a try', () => tries === 1)
  await quiet()
  harness.clock.advance(1000)
  await until('the prompt', () => asides(bot).length === 1)
  expect(tries).toBe(1)
})

test('a session that is gone: one clear line, no thread', async () => {
  const bot = await harness.run()
  const source = await thread(bot)
  bot.agent.on.fork = async ({ session }) => new SessionGone({ session })
  bot.reply(source, 'why. btw')
  await until('the line', () => postsIn(bot, source.id).some((line) => line.startsWith('✗ ')))
  expect(postsIn(bot, source.id).filter((line) => line.startsWith('✗ '))).toEqual([
    expect.stringContaining('the session does not exist any more') as string,
  ])
  expect(bot.chat.started).toEqual([])
  await allClosed(bot)
})

test('a thread that Discord refuses: one clear line', async () => {
  const bot = await harness.run()
  const source = await thread(bot)
  bot.chat.on.startThread = async () => refused
  bot.reply(source, 'why. btw')
  await until('the line', () => postsIn(bot, source.id).some((line) => line.startsWith('✗ Discord refused to open a thread')))
  expect(asides(bot)).toEqual([])
  await allClosed(bot)
})

test('a right that was lost meanwhile: nothing is copied', async () => {
  const first = await harness.run()
  const source = await thread(first)
  const second = await harness.run(hangsAt((batch) => (batch.done?.length ?? 0) > 0))
  second.reply(source, 'why. btw')
  await quiet()
  const third = await harness.run(({ chat }) => {
    chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: 'another' })
  })
  await until('the line', () => postsIn(third, source.id).some((line) => line.startsWith('✗ not run')))
  expect(third.agent.forks.size).toBe(0)
})

test('a right that was lost while the thread was opened: nothing is asked', async () => {
  const bot = await harness.run()
  const source = await thread(bot)
  const opening = Promise.withResolvers<undefined>()
  bot.chat.on.startThread = async () => opening.promise
  bot.reply(source, 'why. btw')
  await until('the copy', () => bot.agent.forks.size === 1)
  await quiet()
  bot.chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: 'another' })
  harness.clock.advance(10_000)
  opening.resolve(undefined)
  await until('the line', () => postsIn(bot, bot.chat.started[0]?.id ?? '').some((line) => line.includes('✗ not run')))
  expect(asides(bot)).toEqual([])
})
