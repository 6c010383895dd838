/** *Allow always* and `/permissions`: the rule is on record if and only if the card says so, wherever the bot dies, and answers every thread. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ask } from '../../src/domain/agent.ts'
import type { Batch } from '../../src/ports/store.ts'
import type { ChatEvent } from '../../src/ports/chat.ts'
import { commandEvent, hangsAt, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, OWNER, SESSION, answer, busy, nextId, ownerAccess, part, says, tool } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const ask = (command: string): Ask => ({
  id: `per_${command}`,
  kind: 'permission',
  session: SESSION,
  title: `bash: ${command}`,
  permission: 'bash',
  patterns: [command],
  always: ['ls *'],
})
const asks = (bot: BotRun, command: string, session = SESSION): void =>
  bot.agent.emit({ kind: 'asked', session, ask: { ...ask(command), session } })

function pressEvent(channelId: string, customId: string, access = ownerAccess): Extract<ChatEvent, { kind: 'pressed' }> {
  const id = nextId()
  const token = `token-${id}`
  const who = { guildId: GUILD, userId: OWNER, userName: 'Ann' }
  return {
    kind: 'pressed',
    press: { ...who, id, followUp: { applicationId: '1', token }, channelId, messageId: '8', customId },
    place: { channelId, projectChannelId: CHANNEL, inThread: channelId !== CHANNEL },
    token,
    access,
    position: undefined,
  }
}

const card = (bot: BotRun): string => bot.chat.posts.findLast(({ buttons }) => buttons.length > 0)?.content ?? ''
const alwaysOf = (bot: BotRun): string =>
  bot.chat.posts.flatMap(({ buttons }) => buttons).findLast((id) => id.startsWith('ask-allow-always')) ?? ''
const allowed = (bot: BotRun): number => bot.agent.calls.filter((call) => call.startsWith('allow ')).length

/** The agent asks in a new thread, and the card stands there. */
async function askedIn(bot: BotRun): Promise<string> {
  const { id } = await prompted(bot)
  const user = bot.agent.user()
  const step = answer('msg_a', user, [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
  bot.agent.session = { status: { kind: 'busy' }, messages: [user, step], title: undefined }
  bot.agent.emit(says(user), busy, says(step), ...step.parts.map((each) => part('msg_a', each)))
  asks(bot, 'ls src')
  await until('the card', () => alwaysOf(bot) !== '')
  return id
}

const makesRule = (batch: Batch): boolean => (batch.conversation?.allowances?.length ?? 0) > 0

describe('Allow always', () => {
  test('the press, its row, the answer and what the card is to say are one commit', async () => {
    const batches: Batch[] = []
    const bot = await harness.run(({ store }) => ({
      async commit(batch) {
        batches.push(batch)
        return store.commit(batch)
      },
    }))
    const thread = await askedIn(bot)
    bot.chat.emit(pressEvent(thread, alwaysOf(bot)))
    await until('the answer', () => allowed(bot) === 1)
    const [batch, ...further] = batches.filter(makesRule)
    expect(further).toEqual([])
    expect(batch?.done).toHaveLength(1)
    expect(batch?.conversation?.effects.map(({ kind }) => kind)).toContain('allow-ask')
    expect(batch?.conversation?.editable[0]?.content.text).toMatch(/✓ allowed always by \*\*Ann\*\*: `ls \*`/)
    asks(bot, 'ls docs')
    await until('the answer by the rule', () => allowed(bot) === 2)
  })

  test.each(['before', 'after'] as const)('P-083: killed %s its commit, the next bot answers, and has one rule', async (side) => {
    const first = await harness.run(hangsAt(makesRule, side))
    const thread = await askedIn(first)
    first.chat.emit(pressEvent(thread, alwaysOf(first)))
    await quiet()
    expect(await first.store.allowances()).toHaveLength(side === 'before' ? 0 : 1)
    expect(allowed(first)).toBe(0)
    const second = await harness.run()
    await until('the answer', () => allowed(second) > 0)
    expect(await second.store.allowances()).toMatchObject([{ patterns: ['ls *'], userId: OWNER, conversation: thread }])
    asks(second, 'ls docs')
    await until('the answer by the rule', () => allowed(second) > 1)
  })
})

describe('/permissions', () => {
  const answers = (bot: BotRun) => [...bot.chat.answers.values()]

  /** A rule is there, and its list was asked for in this place. */
  async function listedIn(bot: BotRun, place: (thread: string) => string): Promise<string> {
    const thread = await askedIn(bot)
    bot.chat.emit(pressEvent(thread, alwaysOf(bot)))
    await until('the rule', async () => (await bot.store.allowances()).length === 1)
    const event = commandEvent(place(thread), 'permissions')
    bot.chat.emit(event)
    await until('the list', () => answers(bot).length === 1)
    expect(bot.chat.calls).toContain(`defer ${event.command.id} ephemeral`)
    expect(answers(bot)[0]?.text).toContain('1. **bash** `ls *`, by **Ann**')
    return place(thread)
  }

  test.each([
    ['the project channel', () => CHANNEL],
    ['a thread', (thread: string) => thread],
    ['a thread without a conversation', () => nextId()],
  ])('listed in %s, a rule is revoked after a restart, and the agent asks again', async (_where, place) => {
    const first = await harness.run()
    const where = await listedIn(first, place)
    const revoke = answers(first)[0]?.buttons[0]?.id ?? ''
    const second = await harness.run()
    second.chat.emit(pressEvent(where, revoke))
    await until('the new list', () => answers(second).some(({ text }) => text.startsWith('✓ revoked')))
    expect(await second.store.allowances()).toEqual([])
    const before = allowed(second)
    // The session is read.
    for (let readings = 0; readings < 3; readings += 1) {
      await quiet()
      harness.clock.advance(0)
    }
    asks(second, 'ls docs')
    await until('the card', () =>
      second.chat.posts.some(({ content, buttons }) => content.includes('ls docs') && buttons.length > 0),
    )
    expect(allowed(second)).toBe(before)
  })

  test('the rights are asked at each press: without them nothing is revoked, and only that person is told', async () => {
    const bot = await harness.run()
    const where = await listedIn(bot, () => CHANNEL)
    const event = pressEvent(where, answers(bot)[0]?.buttons[0]?.id ?? '', { ...ownerAccess, ownerId: '1' })
    bot.chat.emit(event)
    await until('the refusal', () => bot.chat.calls.some((call) => call.startsWith(`refuse ${event.press.id}`)))
    expect(await bot.store.allowances()).toHaveLength(1)
  })

  test('a button of a card is still dead in a project channel', async () => {
    const bot = await harness.run()
    await askedIn(bot)
    const event = pressEvent(CHANNEL, alwaysOf(bot))
    bot.chat.emit(event)
    await until('the refusal', () => bot.chat.calls.some((call) => call.startsWith(`refuse ${event.press.id}`)))
    expect(card(bot)).toContain('ls src')
  })
})
