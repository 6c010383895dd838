/** Shell commands of people: run once or not at all, beside the agent, and told. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import { gone, position, refused, unknown } from './support/fake-chat.ts'
import { asked, openRoom, type Life, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'
import { answer, message, ownerAccess, run } from '../support/conversation.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const EXIT = { kind: 'exited', code: 0, background: false } as const
const card = (life: Life): string => life.texts().at(-1) ?? ''
const settled = (life: Life): Promise<void> => until('settled', async () => (await life.store.openConversations()).length === 0)

/** A command that runs, with its card in the thread. */
async function running(life: Life, words = '!npm test', facts?: Partial<IncomingMessage>): Promise<IncomingMessage> {
  const before = life.shell.runs.length
  const sent = life.send(words, facts)
  await until('the command', () => life.shell.runs.length > before)
  await until('the card', () => card(life).includes('running'))
  return sent
}

function press(life: Life, thread: string, customId: string, id = '77'): void {
  const where = { channelId: thread, projectChannelId: message('').channelId, inThread: true }
  const pressed = { id, guildId: message('').guildId, channelId: thread, messageId: '2', customId, userId: '3', userName: 'Ann' }
  life.chat.heard?.onEvent({
    kind: 'pressed',
    press: pressed,
    place: where,
    token: 't',
    access: ownerAccess,
    position: position(90),
  })
}

test('one card shows the command, what it says, and how it ended; the agent is asked nothing', async () => {
  const life = await room.live()
  const sent = await running(life)
  expect(life.chat.threads).toEqual([sent.id])
  expect(life.shell.runs).toMatchObject([
    { id: `discord:${sent.id}`, command: 'npm test', directory: '/project/garden', timeLimitMs: 600_000 },
  ])
  expect(life.chat.posts).toMatchObject([
    { channelId: sent.id, content: '⬦ $ npm test\nrunning', buttons: [`stop-shell:discord:${sent.id}`] },
  ])
  life.shell.say('one\n')
  await until('the output', () => card(life) === '⬦ $ npm test\n```\none\n```\nrunning')
  life.shell.end({ ...EXIT, code: 3 }, 'one\ntwo\n')
  await until('the end', () => card(life) === '⬦ $ npm test\n```\none\ntwo\n```\nexit 3 after 1s')
  expect(life.chat.posts).toMatchObject([{ buttons: [] }])
  await settled(life)
  expect(life.agent.prompts).toEqual([])
})

test('the agent that works is left alone, and its turn is settled although the command goes on', async () => {
  const life = await room.live()
  const thread = await asked(life)
  for (const event of run(
    life.agent.user(),
    answer('msg_a', life.agent.user(), [], { completed: undefined, finish: undefined }),
  ).slice(0, 3))
    life.agent.tell(event)
  await running(life, '!sleep 60', { channelId: thread.id, inThread: true })
  life.shell.say('still here')
  expect(life.agent.calls).not.toContain('abort')
  life.reply(thread, 'and then. queue')
  await until('the queue', () => life.texts().some((line) => line.includes('position 1')))
  life.answer('msg_a', 'Done.')
  await until('the next in the queue', () => life.agent.prompts.length === 2)
  life.answer('msg_b', 'Done again.')
  await until('the footer', () => life.texts().filter((line) => line.includes('garden')).length === 2)
  life.shell.end(EXIT, 'over')
  await until('the end', () => life.texts().some((line) => line.includes('exit 0 after 1s')))
  await settled(life)
})

test('a command whose card cannot keep up does not hold up the turn', async () => {
  const life = await room.live()
  const thread = await asked(life)
  await running(life, '!yes', { channelId: thread.id, inThread: true })
  const edit = Promise.withResolvers<undefined>()
  life.chat.on.edit = async () => edit.promise
  life.shell.say('y')
  life.reply(thread, 'and then. queue')
  await quiet()
  life.answer('msg_a', 'Done.')
  await until('the next in the queue', () => life.agent.prompts.length === 2)
  expect(life.texts()).toContain('⬦ $ yes\nrunning')
  edit.resolve(undefined)
})

test('a silent one is not forgotten, however long it takes', async () => {
  const life = await room.live()
  const sent = await running(life)
  for (let minute = 0; minute < 30; minute += 1) {
    room.clock.advance(60_000)
    await quiet(2)
  }
  press(life, sent.id, 'unqueue:nothing')
  await quiet()
  life.shell.end(EXIT, 'at last', 1_800_000)
  await until('the end', () => life.texts()[0]?.includes('exit 0 after 30m') ?? false)
  await settled(life)
  expect(life.texts()).toHaveLength(2)
})

test('two run at once in one thread', async () => {
  const life = await room.live()
  const thread = await running(life, '!one')
  await running(life, '!two', { channelId: thread.id, inThread: true })
  expect(life.shell.runs.map(({ command }) => command)).toEqual(['one', 'two'])
  life.shell.end(EXIT, 'second')
  await until('its end', () => card(life).includes('exit 0'))
  expect(life.texts()[0]).toBe('⬦ $ one\nrunning')
})

test('a suffix is part of the command', async () => {
  const life = await room.live()
  await running(life, '!echo a. queue')
  expect(life.shell.runs.map(({ command }) => command)).toEqual(['echo a. queue'])
})

describe('the Stop button', () => {
  test('stops it once, and says who did', async () => {
    const life = await room.live()
    const sent = await running(life)
    press(life, sent.id, `stop-shell:discord:${sent.id}`)
    press(life, sent.id, `stop-shell:discord:${sent.id}`, '78')
    await until('the end', () => card(life) === '⬦ $ npm test\nstopped by **Ann** after 1s')
    expect(life.shell.stopped).toEqual([`discord:${sent.id}`])
    await settled(life)
    press(life, sent.id, `stop-shell:discord:${sent.id}`, '79')
    await quiet()
    expect(life.shell.stopped).toHaveLength(1)
  })

  test('before it has begun keeps it from beginning', async () => {
    const life = await room.live()
    const rights = Promise.withResolvers<{ readonly ok: true; readonly value: typeof ownerAccess }>()
    life.chat.on.openThread = async () => {
      room.clock.advance(6000)
      return undefined
    }
    life.chat.on.accessOf = async () => rights.promise
    const sent = life.send('!rm -rf build')
    await until('the card', () => card(life).includes('running'))
    press(life, sent.id, `stop-shell:discord:${sent.id}`)
    await until('the press', () => card(life).includes('stopping'))
    rights.resolve({ ok: true, value: ownerAccess })
    await until('the end', () => card(life).includes('stopped by **Ann**'))
    expect(life.shell.runs).toEqual([])
  })
})

describe('the output', () => {
  test('that does not fit is there as a file, with one more line', async () => {
    const life = await room.live()
    await running(life)
    const long = Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n')
    life.shell.end(EXIT, long)
    await until('the file', () => life.chat.posts.length === 2)
    await until('the card', () => life.texts()[0]?.includes('exit 0') ?? false)
    const [first, last] = life.chat.posts
    expect(first?.content).toMatch(/^⬦ \$ npm test\n```\n…\nline \d+\n[^]*\nline 399\n```\nexit 0 after 1s$/)
    expect(last).toMatchObject({
      content: '⬦ $ npm test: exit 0 after 1s\nAll of its output is attached.',
      file: long,
      notify: false,
    })
    await settled(life)
  })

  test('of a long run is told by one more line, which notifies', async () => {
    const life = await room.live()
    await running(life)
    life.shell.end(EXIT, 'short', 65_000)
    await until('the line', () => life.chat.posts.length === 2)
    expect(life.chat.posts[1]).toMatchObject({ content: '⬦ $ npm test: exit 0 after 1m 5s', file: undefined, notify: true })
    await settled(life)
  })

  test.each([
    ['a person deleted the card', gone],
    ['Discord refuses the edit', refused],
  ])('%s: nothing is held up', async (_why, answered) => {
    const life = await room.live()
    const sent = await running(life)
    life.chat.on.edit = async () => answered
    life.shell.end(EXIT, 'x')
    life.reply(sent, 'hello')
    await until('the prompt', () => life.agent.prompts.length === 1)
    life.answer('msg_a', 'Done.')
    await settled(life)
    expect(life.texts()[0]).toContain('running')
  })

  test('told faster than Discord takes edits: the newest counts, one edit at a time', async () => {
    const life = await room.live()
    await running(life)
    const edits: string[] = []
    const first = Promise.withResolvers<undefined>()
    life.chat.on.edit = async (_id, content) => {
      edits.push(content)
      return edits.length === 1 ? first.promise : undefined
    }
    for (const words of ['a', 'b', 'c', 'd']) {
      life.shell.say(words)
      await quiet()
    }
    expect(edits).toHaveLength(1)
    first.resolve(undefined)
    await until('the newest', () => card(life).includes('\nd\n'))
    expect(edits).toHaveLength(2)
  })
})

describe('is never run late:', () => {
  const LATE = '✗ not run: it was written while Kimaki was away\nSend it again to run it now.'

  test('one that a RESUME tells again', async () => {
    const life = await room.live()
    life.chat.heard?.onEvent({
      kind: 'message',
      message: message('!reboot'),
      access: ownerAccess,
      position: position(9),
      late: true,
    })
    await until('the line', () => card(life) === `⬦ $ reboot\n${LATE}`)
    expect(life.shell.runs).toEqual([])
    await settled(life)
  })

  test('one that catch-up finds', async () => {
    const life = await room.live()
    const found = message('!reboot')
    life.chat.on.readAfter = async () => ({
      ok: true,
      value: { messages: [{ message: found, access: ownerAccess }], lastId: found.id, more: false },
    })
    life.chat.heard?.onEvent({ kind: 'fresh', position: position(1, 'gateway-2') })
    await until('the line', () => card(life).includes(LATE))
    expect(life.shell.runs).toEqual([])
  })

  test('one that was accepted by a process that died before it began', async () => {
    const first = await room.live()
    first.chat.on.openThread = async () => new Promise(() => undefined)
    first.send('!reboot')
    await quiet()
    const second = await room.live()
    await until('the line', () => card(second).includes(LATE))
    expect(second.shell.runs).toEqual([])
  })

  test('one whose thread could be opened only much later', async () => {
    const life = await room.live()
    let tries = 0
    life.chat.on.openThread = async () => ((tries += 1) < 9 ? unknown : undefined)
    life.send('!reboot')
    await until('the line', () => {
      room.clock.advance(10_000)
      return card(life).includes(LATE)
    })
    expect(life.shell.runs).toEqual([])
  })

  test('but one that waited a moment for its thread is run', async () => {
    const life = await room.live()
    let tries = 0
    life.chat.on.openThread = async () => ((tries += 1) < 3 ? unknown : undefined)
    life.send('!date')
    await until('the command', () => {
      room.clock.advance(500)
      return life.shell.runs.length === 1
    })
    expect(tries).toBe(3)
  })
})

test('killed while it runs: it is told, with what it had said, and not run again', async () => {
  const first = await room.live()
  await running(first)
  first.shell.say('half of it')
  await until('the output', () => card(first).includes('half'))
  const second = await room.live()
  await until('the line below', () => second.chat.posts.length === 2)
  await until('the end', () => second.texts()[0]?.includes('\n✗ stopped: Kimaki was restarted before it had ended\n') ?? false)
  expect(second.texts()[0]).toContain('half of it')
  expect(second.chat.posts).toMatchObject([{ buttons: [] }, { notify: true }])
  await settled(second)
  expect(second.shell.runs).toEqual([])
})

test('its author may no longer use Kimaki when it could begin: nothing runs', async () => {
  const life = await room.live()
  life.chat.on.openThread = async () => {
    room.clock.advance(6000)
    return undefined
  }
  life.chat.on.accessOf = async () => ({ ok: true, value: { ...ownerAccess, ownerId: 'another' } })
  life.send('!reboot')
  await until('the line', () => card(life).includes('✗ not run: its author may no longer use Kimaki here'))
  expect(life.shell.runs).toEqual([])
})

test('what somebody without rights writes is nothing', async () => {
  const life = await room.live()
  const access = { ...ownerAccess, ownerId: 'another' }
  life.chat.heard?.onEvent({ kind: 'message', message: message('!reboot'), access, position: position(9) })
  await quiet()
  expect([life.shell.runs, life.chat.threads]).toEqual([[], []])
})

test('its thread is deleted: it is stopped, and the channel is told once', async () => {
  const life = await room.live()
  const sent = await running(life)
  life.chat.heard?.onEvent({ kind: 'channel-gone', channelId: sent.id, position: position(9) })
  await until('the stop', () => life.shell.stopped.length === 1)
  await until('the line', () => card(life).startsWith('✗ the thread'))
  expect(life.chat.posts.at(-1)?.channelId).toBe(sent.channelId)
  await settled(life)
})

test('an orderly stop ends it, and its thread says why', async () => {
  const life = await room.live()
  await running(life)
  await life.bot.stop()
  expect(card(life)).toBe('⬦ $ npm test\nstopped after 1s: Kimaki was stopped')
})

test('an orderly stop waits a second for the thread, no longer; the next start tells', async () => {
  const first = await room.live()
  await running(first)
  first.chat.on.edit = async () => new Promise(() => undefined)
  const stopped = first.bot.stop()
  await quiet()
  room.clock.advance(1000)
  await stopped
  expect(card(first)).toContain('running')
  const second = await room.live()
  await until('the end', () => card(second).includes('stopped after 1s: Kimaki was stopped'))
  await settled(second)
})
