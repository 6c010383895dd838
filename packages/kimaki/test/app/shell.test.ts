/** Shell commands of people: run once or not at all, beside the agent, and told. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import { gone, position, refused, unknown } from './support/fake-chat.ts'
import { allClosed, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { answer, message, ownerAccess, run } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const EXIT = { kind: 'exited', code: 0, background: false } as const
const newest = (bot: BotRun): string => bot.texts().at(-1) ?? ''

/** A command that runs, with its message in the thread. */
async function running(bot: BotRun, words = '!npm test', facts?: Partial<IncomingMessage>): Promise<IncomingMessage> {
  const before = bot.shell.runs.length
  const sent = bot.send(words, facts)
  await until('the command', () => bot.shell.runs.length > before)
  await until('the message', () => newest(bot).includes('running'))
  return sent
}

function press(bot: BotRun, thread: string, customId: string, id = '77'): void {
  const where = { channelId: thread, projectChannelId: message('').channelId, inThread: true }
  const pressed = { id, guildId: message('').guildId, channelId: thread, messageId: '2', customId, userId: '3', userName: 'Ann' }
  bot.chat.emit({
    kind: 'pressed',
    press: pressed,
    place: where,
    token: 't',
    access: ownerAccess,
    position: position(90),
  })
}

test('one message shows the command, what it says, and how it ended; the agent is asked nothing', async () => {
  const bot = await harness.run()
  const sent = await running(bot)
  expect(bot.chat.threads).toEqual([sent.id])
  expect(bot.shell.runs).toMatchObject([
    { id: `discord:${sent.id}`, command: 'npm test', directory: '/project/garden', timeLimitMs: 600_000 },
  ])
  expect(bot.chat.posts).toMatchObject([
    { channelId: sent.id, content: '⬦ $ npm test\nrunning', buttons: [`stop-shell:discord:${sent.id}`] },
  ])
  bot.shell.say('one\n')
  await until('the output', () => newest(bot) === '⬦ $ npm test\n```\none\n```\nrunning')
  bot.shell.end({ ...EXIT, code: 3 }, 'one\ntwo\n')
  await until('the end', () => newest(bot) === '⬦ $ npm test\n```\none\ntwo\n```\nexit 3 after 1s')
  expect(bot.chat.posts).toMatchObject([{ buttons: [] }])
  await allClosed(bot)
  expect(bot.agent.prompts).toEqual([])
})

test('V32: a command whose message another process has written is not run, and its thread says so', async () => {
  const bot = await harness.run()
  bot.chat.on.post = async (_channel, content) =>
    content === '⬦ $ npm test\nrunning' ? { messageId: '123', isForeign: true } : undefined
  bot.send('!npm test')
  await until('the notice', () => newest(bot).startsWith('⚠ Another Kimaki with the same bot token has taken this command'))
  await allClosed(bot)
  expect(bot.shell.runs).toEqual([])
  expect(bot.chat.calls).not.toContain('edit 123')
})

test('V32: a command does not begin before its message stands', async () => {
  const bot = await harness.run()
  const answer = Promise.withResolvers<undefined>()
  bot.chat.on.post = async () => answer.promise
  const sent = bot.send('!npm test')
  await quiet()
  expect([bot.chat.threads, bot.shell.runs]).toEqual([[sent.id], []])
  answer.resolve(undefined)
  await until('the command', () => bot.shell.runs.length === 1)
})

test('the agent that works is left alone, and its turn is closed although the command goes on', async () => {
  const bot = await harness.run()
  const thread = await prompted(bot)
  for (const event of run(
    bot.agent.user(),
    answer('msg_a', bot.agent.user(), [], { completed: undefined, finish: undefined }),
  ).slice(0, 3))
    bot.agent.emit(event)
  await running(bot, '!sleep 60', { channelId: thread.id, inThread: true })
  bot.shell.say('still here')
  expect(bot.agent.calls).not.toContain('abort')
  bot.reply(thread, 'and then. queue')
  await until('the queue', () => bot.texts().some((line) => line.includes('position 1')))
  bot.answer('msg_a', 'Done.')
  await until('the next in the queue', () => bot.agent.prompts.length === 2)
  bot.answer('msg_b', 'Done again.')
  await until('the footer', () => bot.texts().filter((line) => line.includes('garden')).length === 2)
  bot.shell.end(EXIT, 'over')
  await until('the end', () => bot.texts().some((line) => line.includes('exit 0 after 1s')))
  await allClosed(bot)
})

test('a command whose message cannot keep up does not hold up the turn', async () => {
  const bot = await harness.run()
  const thread = await prompted(bot)
  await running(bot, '!yes', { channelId: thread.id, inThread: true })
  const edit = Promise.withResolvers<undefined>()
  bot.chat.on.edit = async () => edit.promise
  bot.shell.say('y')
  bot.reply(thread, 'and then. queue')
  await quiet()
  bot.answer('msg_a', 'Done.')
  await until('the next in the queue', () => bot.agent.prompts.length === 2)
  expect(bot.texts()).toContain('⬦ $ yes\nrunning')
  edit.resolve(undefined)
})

test('a silent one is not forgotten, however long it takes', async () => {
  const bot = await harness.run()
  const sent = await running(bot)
  for (let minute = 0; minute < 30; minute += 1) {
    harness.clock.advance(60_000)
    await quiet(2)
  }
  press(bot, sent.id, 'unqueue:nothing')
  await quiet()
  bot.shell.end(EXIT, 'at last', 1_800_000)
  await until('the end', () => bot.texts()[0]?.includes('exit 0 after 30m') ?? false)
  await allClosed(bot)
  expect(bot.texts()).toHaveLength(2)
})

test('two run at once in one thread', async () => {
  const bot = await harness.run()
  const thread = await running(bot, '!one')
  await running(bot, '!two', { channelId: thread.id, inThread: true })
  expect(bot.shell.runs.map(({ command }) => command)).toEqual(['one', 'two'])
  bot.shell.end(EXIT, 'second')
  await until('its end', () => newest(bot).includes('exit 0'))
  expect(bot.texts()[0]).toBe('⬦ $ one\nrunning')
})

test('a suffix is part of the command', async () => {
  const bot = await harness.run()
  await running(bot, '!echo a. queue')
  expect(bot.shell.runs.map(({ command }) => command)).toEqual(['echo a. queue'])
})

describe('the Stop button', () => {
  test('stops it once, and says who did', async () => {
    const bot = await harness.run()
    const sent = await running(bot)
    press(bot, sent.id, `stop-shell:discord:${sent.id}`)
    press(bot, sent.id, `stop-shell:discord:${sent.id}`, '78')
    await until('the end', () => newest(bot) === '⬦ $ npm test\nstopped by **Ann** after 1s')
    expect(bot.shell.stopped).toEqual([`discord:${sent.id}`])
    await allClosed(bot)
    press(bot, sent.id, `stop-shell:discord:${sent.id}`, '79')
    await quiet()
    expect(bot.shell.stopped).toHaveLength(1)
  })

  test('before it has begun keeps it from beginning', async () => {
    const bot = await harness.run()
    const rights = Promise.withResolvers<typeof ownerAccess>()
    bot.chat.on.openThread = async () => {
      harness.clock.advance(6000)
      return undefined
    }
    bot.chat.on.accessOf = async () => rights.promise
    const sent = bot.send('!rm -rf build')
    await until('the message', () => newest(bot).includes('running'))
    press(bot, sent.id, `stop-shell:discord:${sent.id}`)
    await until('the press', () => newest(bot).includes('stopping'))
    rights.resolve(ownerAccess)
    await until('the end', () => newest(bot).includes('stopped by **Ann**'))
    expect(bot.shell.runs).toEqual([])
  })
})

describe('the output', () => {
  test('that does not fit is there as a file, with one more line', async () => {
    const bot = await harness.run()
    await running(bot)
    const long = Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n')
    bot.shell.end(EXIT, long)
    await until('the file', () => bot.chat.posts.length === 2)
    await until('the message', () => bot.texts()[0]?.includes('exit 0') ?? false)
    const [first, last] = bot.chat.posts
    expect(first?.content).toMatch(/^⬦ \$ npm test\n```\n…\nline \d+\n[^]*\nline 399\n```\nexit 0 after 1s$/)
    expect(last).toMatchObject({
      content: '⬦ $ npm test: exit 0 after 1s\nAll of its output is attached.',
      file: long,
      notify: false,
    })
    await allClosed(bot)
  })

  test('of a long run is told by one more line, which notifies', async () => {
    const bot = await harness.run()
    await running(bot)
    bot.shell.end(EXIT, 'short', 65_000)
    await until('the line', () => bot.chat.posts.length === 2)
    expect(bot.chat.posts[1]).toMatchObject({ content: '⬦ $ npm test: exit 0 after 1m 5s', file: undefined, notify: true })
    await allClosed(bot)
  })

  test.each([
    ['a person deleted the message', gone],
    ['Discord refuses the edit', refused],
  ])('%s: nothing is held up', async (_why, answered) => {
    const bot = await harness.run()
    const sent = await running(bot)
    bot.chat.on.edit = async () => answered
    bot.shell.end(EXIT, 'x')
    bot.reply(sent, 'hello')
    await until('the prompt', () => bot.agent.prompts.length === 1)
    bot.answer('msg_a', 'Done.')
    await allClosed(bot)
    expect(bot.texts()[0]).toContain('running')
  })

  test('told faster than Discord takes edits: the newest counts, one edit at a time', async () => {
    const bot = await harness.run()
    await running(bot)
    const edits: string[] = []
    const first = Promise.withResolvers<undefined>()
    bot.chat.on.edit = async (_id, content) => {
      edits.push(content)
      return edits.length === 1 ? first.promise : undefined
    }
    for (const words of ['a', 'b', 'c', 'd']) {
      bot.shell.say(words)
      await quiet()
    }
    expect(edits).toHaveLength(1)
    first.resolve(undefined)
    await until('the newest', () => newest(bot).includes('\nd\n'))
    expect(edits).toHaveLength(2)
  })
})

describe('is never run late:', () => {
  const LATE = '✗ not run: it was written while Kimaki was away\nSend it again to run it now.'

  test('one that a RESUME tells again', async () => {
    const bot = await harness.run()
    bot.chat.emit({
      kind: 'message',
      message: message('!reboot'),
      access: ownerAccess,
      position: position(9),
      late: true,
    })
    await until('the line', () => newest(bot) === `⬦ $ reboot\n${LATE}`)
    expect(bot.shell.runs).toEqual([])
    await allClosed(bot)
  })

  test('one that catch-up finds', async () => {
    const bot = await harness.run()
    const found = message('!reboot')
    bot.chat.on.readAfter = async () => ({
      messages: [{ message: found, access: ownerAccess }],
      lastId: found.id,
      more: false,
    })
    bot.chat.emit({ kind: 'fresh', position: position(1, 'gateway-2') })
    await until('the line', () => newest(bot).includes(LATE))
    expect(bot.shell.runs).toEqual([])
  })

  test('one that was accepted by a process that died before it began', async () => {
    const first = await harness.run()
    first.chat.on.openThread = async () => new Promise(() => undefined)
    first.send('!reboot')
    await quiet()
    const second = await harness.run()
    await until('the line', () => newest(second).includes(LATE))
    expect(second.shell.runs).toEqual([])
  })

  test('one whose thread could be opened only much later', async () => {
    const bot = await harness.run()
    let tries = 0
    bot.chat.on.openThread = async () => ((tries += 1) < 9 ? unknown : undefined)
    bot.send('!reboot')
    await until('the line', () => {
      harness.clock.advance(10_000)
      return newest(bot).includes(LATE)
    })
    expect(bot.shell.runs).toEqual([])
  })

  test('but one that waited a moment for its thread is run', async () => {
    const bot = await harness.run()
    let tries = 0
    bot.chat.on.openThread = async () => ((tries += 1) < 3 ? unknown : undefined)
    bot.send('!date')
    await until('the command', () => {
      harness.clock.advance(500)
      return bot.shell.runs.length === 1
    })
    expect(tries).toBe(3)
  })
})

test('killed while it runs: it is told, with what it had said, and not run again', async () => {
  const first = await harness.run()
  await running(first)
  first.shell.say('half of it')
  await until('the output', () => newest(first).includes('half'))
  const second = await harness.run()
  await until('the line below', () => second.chat.posts.length === 2)
  await until('the end', () => second.texts()[0]?.includes('\n✗ stopped: Kimaki was restarted before it had ended\n') ?? false)
  expect(second.texts()[0]).toContain('half of it')
  expect(second.chat.posts).toMatchObject([{ buttons: [] }, { notify: true }])
  await allClosed(second)
  expect(second.shell.runs).toEqual([])
})

test('its author may no longer use Kimaki when it could begin: nothing runs', async () => {
  const bot = await harness.run()
  bot.chat.on.openThread = async () => {
    harness.clock.advance(6000)
    return undefined
  }
  bot.chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: 'another' })
  bot.send('!reboot')
  await until('the line', () => newest(bot).includes('✗ not run: its author may no longer use Kimaki here'))
  expect(bot.shell.runs).toEqual([])
})

test('what somebody without rights writes is nothing', async () => {
  const bot = await harness.run()
  const access = { ...ownerAccess, ownerId: 'another' }
  bot.chat.emit({ kind: 'message', message: message('!reboot'), access, position: position(9) })
  await quiet()
  expect([bot.shell.runs, bot.chat.threads]).toEqual([[], []])
})

test('its thread is deleted: it is stopped, and the channel is told once', async () => {
  const bot = await harness.run()
  const sent = await running(bot)
  bot.chat.emit({ kind: 'channel-gone', channelId: sent.id, position: position(9) })
  await until('the stop', () => bot.shell.stopped.length === 1)
  await until('the line', () => newest(bot).startsWith('✗ the thread'))
  expect(bot.chat.posts.at(-1)?.channelId).toBe(sent.channelId)
  await allClosed(bot)
})

test('an orderly stop ends it, and its thread says why', async () => {
  const bot = await harness.run()
  await running(bot)
  await bot.stop()
  expect(newest(bot)).toBe('⬦ $ npm test\nstopped after 1s: Kimaki was stopped')
})

test('an orderly stop waits a second for the thread, no longer; the next start tells', async () => {
  const first = await harness.run()
  await running(first)
  first.chat.on.edit = async () => new Promise(() => undefined)
  const stopped = first.stop()
  await quiet()
  harness.clock.advance(1000)
  await stopped
  expect(newest(first)).toContain('running')
  const second = await harness.run()
  await until('the end', () => newest(second).includes('stopped after 1s: Kimaki was stopped'))
  await allClosed(second)
})
