/** The menu of a message: how far it has come, and its words into the queue. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommandInvocation } from '../../../src/domain/conversation/request.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { allClosed, commandEvent, openHarness, postsIn, prompted, type BotRun, type Harness } from '../support/harness.ts'
import { quiet, until } from '../support/until.ts'
import { CHANNEL, OWNER, message, nextId, ownerAccess } from '../../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

type Target = NonNullable<CommandInvocation['target']>
const targetOf = ({ id, text }: Pick<IncomingMessage, 'id' | 'text'>, facts: Partial<Target> = {}): Target => ({
  id,
  text,
  hasFiles: false,
  authorId: OWNER,
  ...facts,
})

async function pick(bot: BotRun, name: string, channelId: string, target: Target): Promise<string> {
  const before = bot.chat.calls.filter((call) => call.startsWith('alone')).length + bot.chat.replies.size
  const said = (): number => bot.chat.calls.filter((call) => call.startsWith('alone')).length + bot.chat.replies.size
  bot.chat.emit(commandEvent(channelId, name, { target }))
  await until('the answer', () => said() > before)
  return [...bot.chat.replies.values()].at(-1) ?? ''
}
const where = async (bot: BotRun, channelId: string, target: Target): Promise<string> =>
  pick(bot, 'Where is this?', channelId, target)

describe('Where is this?', () => {
  test('a message that was answered: a link to the end of its answer', async () => {
    const bot = await harness.run()
    bot.agent.answers('hello', 'hi')
    const sent = bot.send('hello')
    await until('the answer', () => postsIn(bot, sent.id).some((text) => text.includes('hi')))
    await allClosed(bot)
    const footer = bot.chat.posts.findLast(({ channelId }) => channelId === sent.id)
    expect(await where(bot, CHANNEL, targetOf(sent))).toBe(
      `⬦ answered: https://discord.com/channels/${sent.guildId}/${sent.id}/${footer?.id ?? ''}`,
    )
    expect(await where(bot, sent.id, targetOf({ id: footer?.id ?? '', text: '' }))).toBe('⬦ this is a message of Kimaki')
  })

  test('a message that the agent works on, and two that wait in the queue', async () => {
    const bot = await harness.run()
    const sent = await prompted(bot)
    const first = bot.reply(sent, 'one. queue')
    const second = bot.reply(sent, 'two. queue')
    await quiet()
    expect(await where(bot, CHANNEL, targetOf(sent))).toBe('⬦ with the agent: not answered yet')
    expect(await where(bot, sent.id, targetOf(first))).toBe('⬦ waiting at 1 in the queue')
    expect(await where(bot, sent.id, targetOf(second))).toBe('⬦ waiting at 2 in the queue')
  })

  test('a message of somebody who may not use Kimaki, and one that Discord never told', async () => {
    const bot = await harness.run()
    const { id } = await prompted(bot)
    const stranger = message('let me', { channelId: id, inThread: true })
    bot.chat.on.accessOf = async (_guild, userId) => ({
      ...ownerAccess,
      userId,
      memberRoleIds: userId === '5' ? undefined : [],
    })
    expect(await where(bot, id, targetOf(stranger, { authorId: '5' }))).toMatch(/^✗ refused: its author may not use Kimaki here/)
    expect(await where(bot, id, targetOf({ id: nextId(), text: 'x' }, { authorId: undefined }))).toMatch(/^✗ not received/)
  })

  test('a message for somebody else, and one that was taken back', async () => {
    const bot = await harness.run()
    const sent = await prompted(bot)
    const aside = bot.send('@Bob look', { inThread: true, channelId: sent.id, namesOther: true })
    const queued = bot.reply(sent, 'one. queue')
    await quiet()
    bot.chat.emit({
      kind: 'deleted',
      place: { channelId: sent.id, projectChannelId: CHANNEL, inThread: true },
      messageIds: [queued.id],
      position: undefined,
    })
    await quiet()
    expect(await where(bot, sent.id, targetOf(aside))).toMatch(/^⬦ received: it is for somebody else/)
    expect(await where(bot, sent.id, targetOf(queued))).toBe('⬦ not run: **Ann** took it out of the queue')
  })
})

describe('Queue this', () => {
  test('has the words of a message wait in its thread, from the project channel too', async () => {
    const bot = await harness.run()
    const sent = await prompted(bot)
    expect(await pick(bot, 'Queue this', CHANNEL, targetOf(sent))).toBe('» **Ann:** plant a tree')
    await until('the card', () => postsIn(bot, sent.id).some((text) => text.includes('queued')))
    expect(bot.agent.prompts).toHaveLength(1)
  })

  test('says that files stay, and that a message without words is none', async () => {
    const bot = await harness.run()
    const sent = await prompted(bot)
    expect(await pick(bot, 'Queue this', sent.id, targetOf({ id: '9', text: 'see this' }, { hasFiles: true }))).toMatch(
      /^» \*\*Ann:\*\* see this\nIts files do not go along/,
    )
    await pick(bot, 'Queue this', sent.id, targetOf({ id: '9', text: ' ' }))
    expect(bot.chat.calls).toContain('alone ✗ nothing to queue: the message has no words')
  })
})
