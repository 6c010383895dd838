/** What Discord does not let the bot write for now waits until the place has changed: posts, and edits of what stands. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatForbidden } from '../../src/base/errors.ts'
import { forbidden, gone } from './support/fake-chat.ts'
import { allClosed, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, says, SESSION } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const postsIn = ({ chat }: BotRun, channelId: string): readonly string[] =>
  chat.posts.filter((post) => post.channelId === channelId).map(({ content }) => content)

const changed = ({ chat }: BotRun, ...ids: readonly string[]): void =>
  chat.emit({ kind: 'place-changed', ids, position: chat.nextPosition() })

/** The place has changed, and the bot tries again. */
async function reopen(bot: BotRun, ...ids: readonly string[]): Promise<void> {
  bot.chat.on.post = async () => undefined
  bot.chat.on.edit = async () => undefined
  changed(bot, ...ids)
  await quiet()
  harness.clock.advance(300)
  await quiet()
}

/** A bot that may not write in the thread of its first answer. */
async function held(error = forbidden): Promise<{ readonly bot: BotRun; readonly thread: string }> {
  const bot = await harness.run()
  const thread = (await prompted(bot)).id
  bot.chat.on.post = async (channelId) => (channelId === thread ? error : undefined)
  bot.answer('msg_a', 'The answer.')
  await until('the notice', () => postsIn(bot, CHANNEL).length === 1)
  return { bot, thread }
}

describe('an answer in a thread where the bot may not write', () => {
  test.each([
    ['the thread', (thread: string) => thread],
    ['its channel', () => CHANNEL],
    ['the roles of the server', () => GUILD],
  ])('stands there as soon as %s changes, and the project channel was told meanwhile', async (_what, id) => {
    const { bot, thread } = await held()
    expect(postsIn(bot, CHANNEL)[0]).toMatch(/^⬦ the bot may not write in <#\d+> for now/)
    expect(bot.lines.some((line) => line.includes('does not let the bot write here'))).toBe(true)
    await reopen(bot, id(thread))
    await until('the answer', () => postsIn(bot, thread).length === 2)
    expect(postsIn(bot, thread)[0]).toContain('The answer.')
    await until('the end of the notice', () => postsIn(bot, CHANNEL)[0]?.includes('stands there now'))
    await allClosed(bot)
  })

  test('is not tried again for what changes elsewhere', async () => {
    const { bot, thread } = await held()
    await reopen(bot, '999')
    expect(postsIn(bot, thread)).toEqual([])
  })

  test('is tried again after a while without a word of Discord', async () => {
    const { bot, thread } = await held()
    bot.chat.on.post = async () => undefined
    await quiet()
    harness.clock.advance(2000)
    await until('the answer', () => postsIn(bot, thread).length === 2)
    expect(postsIn(bot, thread)[0]).toContain('The answer.')
  })

  test('costs fewer and fewer attempts: Discord counts refused requests', async () => {
    const { bot, thread } = await held()
    let attempts = 0
    bot.chat.on.post = async (channelId) => (channelId === thread ? ((attempts += 1), forbidden) : undefined)
    for (let minute = 0; minute < 60; minute += 1) {
      harness.clock.advance(60_000)
      await quiet()
    }
    expect(attempts).toBeLessThan(25)
  })

  test('waits also while its channel is hidden: nobody stops the run, nothing is dropped', async () => {
    const { bot, thread } = await held(new ChatForbidden({ code: 50_001, reason: 'Missing Access' }))
    await reopen(bot, CHANNEL)
    await until('the answer', () => postsIn(bot, thread).length === 2)
    expect(postsIn(bot, thread)[0]).toContain('The answer.')
  })

  test('waits over a restart, with the reason on record', async () => {
    const { bot, thread } = await held()
    const { state } = await bot.store.load(thread)
    expect(state?.posts.outbox[0]?.heldBy).toEqual({ code: 50_013, missing: [] })
    const next = await harness.run()
    await until('the answer', () => postsIn(next, thread)[0]?.includes('The answer.'))
    await until('the end of the notice', () => postsIn(next, CHANNEL)[0]?.includes('stands there now'))
    expect(postsIn(next, CHANNEL)).toHaveLength(1)
  })

  test('where nobody can be told: all of it appears once the channel is back', async () => {
    const bot = await harness.run()
    const thread = (await prompted(bot)).id
    bot.chat.on.post = async () => forbidden
    bot.answer('msg_a', 'The answer.')
    await until('the refusals', () => bot.lines.filter((line) => line.includes('does not let the bot write here')).length === 2)
    await reopen(bot, CHANNEL)
    await until('the answer', () => postsIn(bot, thread).length === 2)
    await until('the notice', () => postsIn(bot, CHANNEL).length === 1)
    await allClosed(bot)
    expect(postsIn(bot, CHANNEL)).toEqual([expect.stringContaining('stands there now')])
  })

  test('a next question is run meanwhile, and both answers stand in their order', async () => {
    const { bot, thread } = await held()
    bot.reply({ id: thread }, 'and?')
    await until('the prompt', () => bot.agent.prompts.length === 2)
    bot.answer('msg_b', 'The second.')
    await quiet()
    await reopen(bot, thread)
    await until('both', () => postsIn(bot, thread).join().includes('The second.'))
    const text = postsIn(bot, thread).join()
    expect(text.indexOf('The answer.')).toBeLessThan(text.indexOf('The second.'))
  })
})

describe('an edit', () => {
  const retry = (bot: BotRun, attempt: number): void =>
    bot.agent.emit({ kind: 'status', session: SESSION, status: { kind: 'retry', attempt, message: 'busy', next: 1 } })

  async function noticed(): Promise<{ readonly bot: BotRun; readonly thread: string }> {
    const bot = await harness.run()
    const thread = (await prompted(bot)).id
    bot.agent.emit(says(bot.agent.user()))
    retry(bot, 1)
    await until('the notice', () => postsIn(bot, thread).length === 1)
    return { bot, thread }
  }

  test('that is not allowed for now is made once the place has changed, with the newest words', async () => {
    const { bot, thread } = await noticed()
    bot.chat.on.edit = async () => forbidden
    retry(bot, 2)
    await quiet()
    retry(bot, 3)
    await quiet()
    expect(postsIn(bot, thread)[0]).toContain('1st time')
    await reopen(bot, thread)
    await until('the newest words', () => postsIn(bot, thread)[0]?.includes('3rd time'))
  })

  test('of a message that somebody deleted is told in a new one, once', async () => {
    const { bot, thread } = await noticed()
    bot.chat.on.edit = async () => gone
    retry(bot, 2)
    await until('the new one', () => postsIn(bot, thread).length === 2)
    expect(postsIn(bot, thread)[1]).toContain('2nd time')
    retry(bot, 3)
    await quiet()
    expect(postsIn(bot, thread)).toHaveLength(2)
  })

  test('of the new message goes on after a restart', async () => {
    const { bot, thread } = await noticed()
    bot.chat.on.edit = async () => gone
    retry(bot, 2)
    await until('the new one', () => postsIn(bot, thread).length === 2)
    await quiet()
    const { state } = await bot.store.load(thread)
    expect(state?.posts.editable.map(({ messageId }) => messageId)).toEqual([bot.chat.posts.at(-1)?.id])
  })
})
