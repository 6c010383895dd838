/** A slash command: on record first, acknowledged within the same step, then carried out once or not at all, whatever dies. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/commands/index.ts'
import type { Batch, StorePort } from '../../src/ports/store.ts'
import { unknown } from './support/fake-chat.ts'
import {
  allClosed,
  commandEvent,
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
import { CHANNEL, answer, busy, idle, ownerAccess, part, says, tool } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const aborts = (bot: BotRun): number => bot.agent.calls.filter((call) => call === 'abort').length
const replies = (bot: BotRun): readonly string[] => [...bot.chat.replies.values()]

/** A thread in which the agent is busy with a tool. */
async function busyThread(bot: BotRun): Promise<string> {
  const { id } = await prompted(bot)
  const user = bot.agent.user()
  const step = answer('msg_a', user, [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
  bot.agent.emit(says(user), busy, says(step), ...step.parts.map((each) => part('msg_a', each)))
  bot.agent.session = { status: { kind: 'busy' }, messages: [user, step], title: undefined }
  await quiet()
  return id
}

/** The run of `busyThread` ends with an answer. */
function finish(bot: BotRun): void {
  const [user, step] = bot.agent.session.messages
  if (user?.kind !== 'user' || step?.kind !== 'assistant') throw new Error('nothing runs')
  const whole = answer('msg_a', user, [tool('prt_1', 'completed')])
  bot.agent.session = { status: { kind: 'idle' }, messages: [user, whole], title: undefined }
  bot.agent.emit(...whole.parts.map((each) => part('msg_a', each)), says(whole), idle)
}

/** A later process has read what is on record, and the session. */
async function takenUp(): Promise<void> {
  for (let readings = 0; readings < 3; readings += 1) {
    await quiet()
    harness.clock.advance(0)
  }
  await quiet()
}

describe('/abort', () => {
  test('goes on record, is acknowledged, has its receipt on record, and only then stops the run', async () => {
    const journal: string[] = []
    const bot = await harness.run(({ store, chat, agent }) => {
      chat.on.defer = async () => void journal.push('defer')
      chat.on.reply = async () => void journal.push('reply')
      agent.on.abort = async () => void journal.push('abort')
      return {
        async commit(batch) {
          const rows = await store.commit(batch)
          if (batch.accept?.some(({ request }) => request.kind === 'command')) journal.push('record')
          if (batch.receipts) journal.push('receipt')
          return rows
        },
      }
    })
    const thread = await busyThread(bot)
    const event = commandEvent(thread, 'abort')
    bot.chat.emit(event)
    await until('the answer', () => replies(bot).length === 1)
    await quiet()
    expect(journal.slice(0, 3)).toEqual(['record', 'defer', 'receipt'])
    expect(journal.slice(3).toSorted()).toEqual(['abort', 'reply'])
    expect(bot.chat.calls).toContain(`defer ${event.command.id} public`)
  })

  test('tells the person that the run is stopped, and the thread who stopped it', async () => {
    const bot = await harness.run()
    const thread = await busyThread(bot)
    bot.chat.emit(commandEvent(thread, 'abort'))
    await until('the answer', () => replies(bot).length === 1)
    expect(replies(bot)).toEqual(['⬦ stopped the run'])
    await takenUp()
    await until('the line', () => postsIn(bot, thread).some((line) => line.includes('Ann')))
    expect(postsIn(bot, thread).at(-1)).toMatch(/stopped by \*\*Ann\*\*/)
    await allClosed(bot)
    expect(aborts(bot)).toBe(1)
  })

  test('where nothing runs says so, and stops nothing', async () => {
    const bot = await harness.run()
    const { id } = await prompted(bot)
    bot.answer('msg_a', 'Done.')
    await allClosed(bot)
    bot.chat.emit(commandEvent(id, 'abort'))
    await until('the answer', () => replies(bot).length === 1)
    expect(replies(bot)).toEqual(['⬦ nothing to stop: the agent is idle'])
    await allClosed(bot)
    expect(aborts(bot)).toBe(0)
  })

  test('of somebody without rights is refused, to that person only', async () => {
    const bot = await harness.run()
    const thread = await busyThread(bot)
    const event = commandEvent(thread, 'abort')
    bot.chat.emit({ ...event, access: { ...ownerAccess, ownerId: 'another' } })
    await quiet()
    expect(bot.chat.calls).toContainEqual(expect.stringMatching(new RegExp(`^refuse ${event.command.id} .*may not use Kimaki`)))
    expect([aborts(bot), replies(bot)]).toEqual([0, []])
  })

  test.each([
    ['in the project channel', CHANNEL],
    ['in a thread without a conversation', '999'],
  ])('%s is refused with where it works', async (_where, channelId) => {
    const bot = await harness.run()
    await busyThread(bot)
    bot.chat.emit(commandEvent(channelId, 'abort'))
    await quiet()
    expect(bot.chat.calls).toContainEqual(expect.stringMatching(/^refuse \d+ ✗ \/abort works in a thread that Kimaki answers in/))
    expect([aborts(bot), replies(bot)]).toEqual([0, []])
  })

  test('right after a restart waits until the session has been read: only the session tells what runs', async () => {
    const thread = await busyThread(await harness.run())
    const bot = await harness.run()
    await quiet()
    bot.chat.emit(commandEvent(thread, 'abort'))
    await quiet()
    expect([replies(bot), aborts(bot)]).toEqual([[], 0])
    await takenUp()
    await until('the answer', () => replies(bot).length === 1)
    expect(replies(bot)).toEqual(['⬦ stopped the run'])
    expect(aborts(bot)).toBe(1)
  })

  test('told twice by the gateway runs once', async () => {
    const bot = await harness.run()
    const thread = await busyThread(bot)
    const event = commandEvent(thread, 'abort')
    bot.chat.emit(event)
    bot.chat.emit(event)
    await until('the answer', () => replies(bot).length === 1)
    await quiet()
    expect(bot.chat.calls.filter((call) => call.startsWith('reply'))).toHaveLength(1)
    expect(aborts(bot)).toBe(1)
  })
})

test('every command of this version is registered once Discord is connected', async () => {
  const bot = await harness.run()
  await quiet()
  expect(bot.chat.commands.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name))
})

describe('killed', () => {
  const MISSED = /^✗ \/abort was not run: Kimaki was restarted/
  const missedLines = (bot: BotRun, thread: string): readonly string[] => postsIn(bot, thread).filter((line) => MISSED.test(line))
  const stoppedLines = (bot: BotRun, thread: string): readonly string[] =>
    postsIn(bot, thread).filter((line) => line.includes('stopped by **Ann**'))
  const acceptsCommand = (batch: Batch): boolean => batch.accept?.some(({ request }) => request.kind === 'command') ?? false
  const hasReceipt = (batch: Batch): boolean => (batch.receipts?.length ?? 0) > 0
  const runsCommand = (batch: Batch): boolean => batch.conversation?.effects.some(({ kind }) => kind === 'reply') ?? false

  interface After {
    readonly thread: string
    readonly first: BotRun
    readonly second: BotRun
  }

  /** A busy thread, `/abort`, and a kill; `prepare` hangs the first process where it is to die. */
  async function killed(
    prepare: (fakes: { readonly store: StorePort; readonly chat: BotRun['chat'] }) => Partial<StorePort> | void,
    next: (store: StorePort) => Partial<StorePort> = () => ({}),
  ): Promise<After> {
    const first = await harness.run(prepare)
    const thread = await busyThread(first)
    first.chat.emit(commandEvent(thread, 'abort'))
    await quiet(60)
    const second = await harness.run(({ store }) => next(store))
    await takenUp()
    return { thread, first, second }
  }

  const notAcknowledged = ({ chat }: { readonly chat: BotRun['chat'] }): void => void (chat.on.defer = async () => never)

  test.each([
    ['between its commit and the acknowledgement', notAcknowledged],
    ['between the acknowledgement and the receipt', hangsAt(hasReceipt)],
  ])('%s: it is not run, and the thread asks to run it again', async (_when, prepare) => {
    const { thread, second } = await killed(prepare)
    await until('the line', () => missedLines(second, thread).length > 0)
    expect([aborts(second), replies(second)]).toEqual([0, []])
    finish(second)
    await allClosed(second)
    const third = await harness.run()
    await takenUp()
    expect(missedLines(third, thread)).toHaveLength(1)
    expect(aborts(third)).toBe(0)
  })

  test('red control: were a row without its receipt like any other, the command would run', async () => {
    const { second } = await killed(notAcknowledged, (store) => ({
      async load(id) {
        const found = await store.load(id)
        return { ...found, inbox: found.inbox.map((row) => ({ ...row, receipt: 'not-needed' as const })) }
      },
    }))
    expect(aborts(second)).toBe(1)
  })

  test.each([
    ['after the receipt', hangsAt(hasReceipt, 'after')],
    ['before the commit of what it decided', hangsAt(runsCommand)],
    ['after the commit of what it decided', hangsAt(runsCommand, 'after')],
  ])('%s: it is run once, and answered', async (_when, prepare) => {
    const { thread, first, second } = await killed(prepare)
    await until('the answer', () => replies(second).length === 1)
    expect(replies(second)).toEqual(['⬦ stopped the run'])
    expect(aborts(first) + aborts(second)).toBe(1)
    await takenUp()
    await until('the line', () => stoppedLines(second, thread).length === 1)
    expect(missedLines(second, thread)).toEqual([])
    await allClosed(second)
  })

  test('before its commit: nothing of it is on record', async () => {
    const { thread, second } = await killed(hangsAt(acceptsCommand))
    expect([aborts(second), replies(second), missedLines(second, thread)]).toEqual([0, [], []])
  })

  test('reply-before: the answer comes from the next process', async () => {
    const { first, second } = await killed(({ chat }) => void (chat.on.reply = async () => never))
    expect(replies(first)).toEqual([])
    await until('the answer', () => replies(second).length === 1)
    expect(replies(second)).toEqual(['⬦ stopped the run'])
  })

  test('reply-after: the answer is given again, and is the same', async () => {
    const { thread, first, second } = await killed(hangsAt(endsEffect('reply')))
    expect(replies(first)).toEqual(['⬦ stopped the run'])
    await until('the answer again', () => second.chat.calls.filter((call) => call.startsWith('reply')).length === 1)
    expect(replies(second)).toEqual(replies(first))
    await takenUp()
    await until('the line', () => stoppedLines(second, thread).length > 0)
    await allClosed(second)
    expect(stoppedLines(second, thread)).toHaveLength(1)
  })
})

describe('an answer that Discord does not take', () => {
  test('is given again for as long as Discord would take it, a quarter of an hour, then no more', async () => {
    const bot = await harness.run()
    const thread = await busyThread(bot)
    let tries = 0
    bot.chat.on.reply = async () => ((tries += 1), unknown)
    bot.chat.emit(commandEvent(thread, 'abort'))
    for (let minutes = 0; minutes < 20; minutes += 0.5) {
      await quiet(5)
      harness.clock.advance(30_000)
    }
    expect(tries).toBe(36)
    await quiet()
    expect(bot.lines.some((line) => line.includes('a command could not be answered'))).toBe(true)
  })
})
