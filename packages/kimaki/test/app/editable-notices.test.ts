/** Notices that change in place: one message, whose text follows the run, whatever is in the way. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SessionStatus } from '../../src/domain/agent.ts'
import { gone, refused, unknown } from './support/fake-chat.ts'
import { allClosed, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { SESSION, answer, says } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const tell = (bot: BotRun, status: SessionStatus): void => bot.agent.emit({ kind: 'status', session: SESSION, status })
const retry = (bot: BotRun, attempt: number): void => {
  tell(bot, { kind: 'retry', attempt, message: 'Too Many Requests', next: 1_800_000_000_000 + attempt * 1000 })
}
const edits = (bot: BotRun): number => bot.chat.calls.filter((call) => call.startsWith('edit')).length

async function retrying(bot: BotRun): Promise<void> {
  await prompted(bot)
  bot.agent.emit(says(bot.agent.user()))
  tell(bot, { kind: 'busy' })
  retry(bot, 1)
  await until('the notice', () => bot.texts().some((text) => text.includes('1st time')))
}

test('retries are one message that is edited, and says at the end how often (P-027)', async () => {
  const bot = await harness.run()
  await retrying(bot)
  retry(bot, 2)
  await until('the second', () => bot.texts()[0]?.includes('(2nd time)') ?? false)
  expect(bot.texts()).toEqual(['⬦ Too Many Requests: asking the provider again <t:1800000002:R> (2nd time)'])
  bot.answer('msg_a', 'Done.')
  await until('the footer', () => bot.texts().length === 3)
  await until('the final text', () => bot.texts()[0] === '⬦ Too Many Requests: the provider was asked again 2 times')
  await allClosed(bot)
})

test('the same attempt told twice edits nothing', async () => {
  const bot = await harness.run()
  await retrying(bot)
  retry(bot, 1)
  await quiet()
  expect(edits(bot)).toBe(0)
})

test('an edit without an answer is done again, with the newest words', async () => {
  const bot = await harness.run()
  await retrying(bot)
  let tries = 0
  bot.chat.on.edit = async () => ((tries += 1) < 3 ? unknown : undefined)
  retry(bot, 2)
  await until('a first try', () => tries === 1)
  retry(bot, 3)
  await quiet()
  harness.clock.advance(500)
  await until('a second try', () => tries === 2)
  harness.clock.advance(1000)
  await until('the newest words', () => bot.texts()[0]?.includes('(3rd time)') ?? false)
  expect(tries).toBe(3)
})

test.each([
  ['a person deleted it', gone],
  ['Discord refuses it', refused],
])('a notice that cannot be changed any more (%s) holds nothing up', async (_why, answered) => {
  const bot = await harness.run()
  await retrying(bot)
  bot.chat.on.edit = async () => answered
  retry(bot, 2)
  await until('the try', () => edits(bot) > 0)
  bot.answer('msg_a', 'Done.')
  await until('the footer', () => bot.texts().length === 3)
  await allClosed(bot)
  expect(edits(bot)).toBe(2)
})

test('killed before an edit: the next process makes the notice say what it should', async () => {
  const bot = await harness.run()
  await retrying(bot)
  bot.chat.on.edit = async () => new Promise(() => undefined)
  retry(bot, 2)
  await until('the try', () => edits(bot) > 0)
  await quiet()
  const user = bot.agent.user()
  bot.agent.session = { status: { kind: 'idle' }, messages: [user, answer('msg_a', user, [])], title: undefined }
  const next = await harness.run()
  await quiet()
  harness.clock.advance(0)
  await until('the final text', () => next.texts()[0] === '⬦ Too Many Requests: the provider was asked again 2 times')
  await allClosed(next)
  expect(edits(next)).toBeGreaterThan(0)
})

test('nobody types while the provider is asked again', async () => {
  const pulses: string[] = []
  const bot = await harness.run(({ chat }) => void (chat.on.typing = (channel) => void pulses.push(channel)))
  await retrying(bot)
  await quiet()
  const before = pulses.length
  harness.clock.advance(30_000)
  await quiet()
  expect(pulses.length).toBe(before)
  tell(bot, { kind: 'busy' })
  await until('typing again', () => pulses.length > before)
})

test('an answer without a word says so', async () => {
  const bot = await harness.run()
  await prompted(bot)
  bot.answer('msg_a', ' ')
  await until('the footer', () => bot.texts().at(-1)?.includes('garden') ?? false)
  expect(bot.texts()[0]).toMatch(/^⬦ the model ended its answer without a word/)
})

test('a run of 15 s is one post more, and one edit when it is over; no other is made by what comes meanwhile', async () => {
  const bot = await harness.run()
  await prompted(bot)
  bot.agent.emit(says(bot.agent.user()))
  tell(bot, { kind: 'busy' })
  await quiet()
  harness.clock.advance(14_000)
  await quiet()
  expect(bot.texts()).toEqual([])
  harness.clock.advance(2000)
  await until('the post', () => bot.texts().length > 0)
  harness.clock.advance(60_000)
  await quiet()
  expect([bot.texts(), edits(bot)]).toEqual([['⬦ working'], 0])
  bot.answer('msg_a', 'Done.')
  await until('the end', () => bot.texts()[0] === '⬦ the run is over')
  await allClosed(bot)
  expect([bot.texts().length, edits(bot)]).toEqual([3, 1])
})

test('after a restart the button stands as long as the run goes on, and no second one beside it', async () => {
  const first = await harness.run()
  await prompted(first)
  const user = first.agent.user()
  first.agent.emit(says(user))
  tell(first, { kind: 'busy' })
  await quiet()
  harness.clock.advance(16_000)
  await until('the post', () => first.texts().length > 0)
  const begun = answer('msg_a', user, [], { completed: undefined, finish: undefined })
  first.agent.session = { status: { kind: 'busy' }, messages: [user, begun], title: undefined }
  const second = await harness.run()
  await quiet()
  harness.clock.advance(5000)
  await quiet()
  expect([second.texts(), edits(second)]).toEqual([['⬦ working'], 0])
  second.agent.session = { status: { kind: 'idle' }, messages: [user, answer('msg_a', user, [])], title: undefined }
  const third = await harness.run()
  await quiet()
  harness.clock.advance(0)
  await until('the end', () => third.texts()[0] === '⬦ the run is over')
  await allClosed(third)
})
