/** V31: a flood by somebody who may speak begins no more agents at once than the operator allows, and everybody else's work goes on. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import { allClosed, commandEvent, openHarness, postsIn, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { GUILD, OWNER, ownerAccess, says } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness({ agentsAtOnce: 2 })))
afterEach(() => harness.close())

const words = (bot: BotRun): readonly string[] =>
  bot.agent.prompts.map(({ parts }) => parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join())
const sessionOf = (bot: BotRun, word: string): string => bot.agent.prompts[words(bot).indexOf(word)]?.session ?? 'none'
const waits = (bot: BotRun, { id }: IncomingMessage): boolean =>
  postsIn(bot, id).some((line) => line.includes('waiting: 2 agents work already'))

async function asked(bot: BotRun, ...each: readonly string[]): Promise<readonly IncomingMessage[]> {
  const sent: IncomingMessage[] = []
  for (const word of each) {
    sent.push(bot.send(word))
    await quiet()
  }
  return sent
}

async function done(bot: BotRun, word: string): Promise<void> {
  bot.answer(`msg_${word}`, `Done ${word}.`, sessionOf(bot, word))
  await until(`the answer to ${word}`, () => bot.texts().some((line) => line.includes(`Done ${word}.`)))
  await quiet()
}

describe('V31: agents at work at once', () => {
  test('one more waits, its thread says why and which setting, and it begins by itself in order of arrival', async () => {
    const bot = await harness.run()
    const [, , third, fourth] = await asked(bot, 'one', 'two', 'three', 'four')
    if (!third || !fourth) throw new Error('not sent')
    await until('the lines', () => waits(bot, third) && waits(bot, fourth))
    expect(words(bot)).toEqual(['one', 'two'])
    expect(postsIn(bot, third.id)).toEqual([expect.stringContaining('KIMAKI_MAX_AGENTS')])
    await done(bot, 'two')
    await until('the third', () => words(bot).includes('three'))
    await done(bot, 'one')
    await until('the fourth', () => words(bot).includes('four'))
    expect(words(bot)).toEqual(['one', 'two', 'three', 'four'])
    await until('the line to change', () => !waits(bot, third))
    await done(bot, 'three')
    await done(bot, 'four')
    await allClosed(bot)
  })

  test('an agent that waits for a person keeps nobody waiting', async () => {
    const bot = await harness.run()
    const [, , third] = await asked(bot, 'one', 'two', 'three')
    if (!third) throw new Error('not sent')
    await until('the line', () => waits(bot, third))
    const session = sessionOf(bot, 'one')
    const ask = { id: 'per_1', kind: 'permission', session, title: 'bash: date', permission: 'bash', patterns: ['date'] } as const
    bot.agent.emit({ kind: 'status', session, status: { kind: 'busy' } })
    bot.agent.emit({ kind: 'asked', session, ask })
    await until('the third', () => words(bot).includes('three'))
    expect(words(bot)).toEqual(['one', 'two', 'three'])
  })

  test('nobody is typing in a thread that waits', async () => {
    const typing: string[] = []
    const bot = await harness.run(({ chat }) => void (chat.on.typing = (id) => void typing.push(id)))
    const [first, , third] = await asked(bot, 'one', 'two', 'three')
    if (!first || !third) throw new Error('not sent')
    await until('the line', () => waits(bot, third))
    await quiet()
    typing.length = 0
    harness.clock.advance(60_000)
    await quiet()
    expect(typing).toContain(first.id)
    expect(typing).not.toContain(third.id)
  })

  test('a conversation that works gets its further messages at once', async () => {
    const bot = await harness.run()
    const [first] = await asked(bot, 'one', 'two', 'three')
    if (!first) throw new Error('not sent')
    bot.reply(first, 'more for one')
    await until('the message', () => words(bot).includes('more for one'))
    expect(words(bot)).not.toContain('three')
  })

  test('what waits can be dropped: by its button, by /abort, by deleting the message', async () => {
    const bot = await harness.run()
    const [, , pressed, aborted, deleted, last] = await asked(bot, 'one', 'two', 'three', 'four', 'five', 'six')
    if (!pressed || !aborted || !deleted || !last) throw new Error('not sent')
    await until('the lines', () => [pressed, aborted, deleted, last].every((each) => waits(bot, each)))
    bot.chat.emit({
      kind: 'pressed',
      press: {
        id: '900000000000000001',
        guildId: GUILD,
        channelId: pressed.id,
        messageId: '8',
        customId: `give-up:discord:${pressed.id}`,
        userId: OWNER,
        userName: 'Ann',
      },
      place: { channelId: pressed.id, projectChannelId: pressed.channelId, inThread: true },
      token: 'token',
      access: ownerAccess,
      position: undefined,
    })
    bot.chat.emit(commandEvent(aborted.id, 'abort', { options: { unread: 'drop' } }))
    const place = { channelId: deleted.channelId, projectChannelId: deleted.channelId, inThread: false }
    bot.chat.emit({ kind: 'deleted', place, messageIds: [deleted.id], position: undefined })
    await until('the ends', () =>
      [pressed, aborted].every(({ id }) => postsIn(bot, id).some((line) => line.includes('stopped by'))),
    )
    await until('the deletion', () => postsIn(bot, deleted.id).some((line) => line.includes('deleted before the agent saw it')))
    await done(bot, 'one')
    await until('the one behind them', () => words(bot).includes('six'))
    expect(words(bot)).toEqual(['one', 'two', 'six'])
    expect(postsIn(bot, pressed.id)).toContain('⬦ waited for another agent to be done, and has not begun')
  })

  test('a message for the queue of a thread that waits runs behind the one that waits', async () => {
    const bot = await harness.run()
    const [, , third] = await asked(bot, 'one', 'two', 'three')
    if (!third) throw new Error('not sent')
    bot.reply(third, 'later. queue')
    await until('its place', () => postsIn(bot, third.id).some((line) => line.includes('queued at position 1')))
    await done(bot, 'one')
    await until('the third', () => words(bot).includes('three'))
    await done(bot, 'three')
    await until('the queued one', () => words(bot).includes('later'))
    expect(words(bot)).toEqual(['one', 'two', 'three', 'later'])
  })

  test('killed: those that work are counted before they are read, and what waited begins when one of them ends', async () => {
    const first = await harness.run()
    const [, , third] = await asked(first, 'one', 'two', 'three')
    if (!third) throw new Error('not sent')
    await until('the line', () => waits(first, third))
    const second = await harness.run()
    await asked(second, 'four')
    for (let readings = 0; readings < 3; readings += 1) {
      await quiet()
      harness.clock.advance(1500)
    }
    await until('the end of one that was cut off', () => words(second).length > 0 || second.texts().length > 0)
    for (const word of ['one', 'two', 'three', 'four']) {
      await until(`${word} to be with the agent`, () => {
        harness.clock.advance(1500)
        return words(second).includes(word)
      })
      await done(second, word)
    }
    expect(words(second).indexOf('three')).toBeLessThan(words(second).indexOf('four'))
    await allClosed(second)
  })

  test('a thread that is deleted, and a run whose provider refuses and that is stopped, free their place', async () => {
    const bot = await harness.run()
    const [first, second] = await asked(bot, 'one', 'two', 'three', 'four')
    if (!first || !second) throw new Error('not sent')
    bot.chat.emit({ kind: 'channel-gone', channelId: first.id, position: undefined })
    await until('the third', () => words(bot).includes('three'))
    const session = sessionOf(bot, 'two')
    const retry = { kind: 'retry', attempt: 1, message: 'busy', next: 0 } as const
    bot.agent.emit({ ...says(bot.agent.user(bot.agent.prompts[1])), session }, { kind: 'status', session, status: retry })
    await quiet()
    expect(words(bot)).not.toContain('four')
    bot.chat.emit(commandEvent(second.id, 'abort', { options: { unread: 'drop' } }))
    await until('the fourth', () => words(bot).includes('four'))
  })
})

test('red control: with room for all, all begin', async () => {
  await harness.close()
  harness = await openHarness({ agentsAtOnce: 4 })
  const bot = await harness.run()
  await asked(bot, 'one', 'two', 'three', 'four')
  expect(words(bot)).toEqual(['one', 'two', 'three', 'four'])
  expect(bot.texts()).toEqual([])
})
