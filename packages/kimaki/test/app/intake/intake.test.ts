/** The intake's invariants, by number, with an undo of each safeguard where one can be taken away. */
import { describe, expect, test } from 'vitest'
import { BatchRejected, ChatGone, ChatRefused, ChatUnknown, StoreUnavailable } from '../../../src/base/errors.ts'
import type { CommandRule } from '../../../src/app/intake/acceptances.ts'
import type { ChatError, ChatEvent } from '../../../src/ports/chat.ts'
import { quiet } from '../support/until.ts'
import { at, CHANNEL, GUILD, inThread, message, nextId, owner, stranger, testbed, type Testbed } from './testbed.ts'

const THREAD = '150000000000000001'
const unanswered = new ChatUnknown({ reason: 'no answer' })
const everywhere: Readonly<Record<string, CommandRule>> = { abort: { where: 'thread', visibility: 'public' } }

/** The thread has a conversation: a message of it is on record. */
async function withConversation(bed: Testbed): Promise<void> {
  bed.send('first', { ...inThread(THREAD), mentionsBot: true })
  await quiet()
  bed.journal.length = 0
  bed.delivered.length = 0
}

const pressed = (id: string, sequence: number, customId = 'stop:x'): ChatEvent => ({
  kind: 'pressed',
  press: { id, guildId: GUILD, channelId: THREAD, messageId: '8', customId, userId: '3', userName: 'Ann' },
  place: inThread(THREAD),
  token: 'token',
  access: owner,
  position: at(sequence),
})

const command = (id: string, sequence: number, access = owner): ChatEvent => ({
  kind: 'command',
  command: {
    id,
    applicationId: '1',
    token: 'token',
    name: 'abort',
    options: {},
    guildId: GUILD,
    channelId: THREAD,
    userId: '3',
    userName: 'Ann',
  },
  place: inThread(THREAD),
  access,
  position: at(sequence),
})

describe('I1: events are judged in the order of the gateway', () => {
  test('a message waits for the one before it, whose thread is being asked for', async () => {
    const bed = testbed()
    const asked = Promise.withResolvers<boolean>()
    bed.record.onQuestion = async () => asked.promise
    bed.reply({ id: THREAD }, 'asks')
    bed.send('does not ask')
    await quiet()
    expect(bed.texts()).toEqual([])
    asked.resolve(true)
    await quiet()
    expect(bed.texts()).toEqual(['asks', 'does not ask'])
    expect(bed.record.written?.sequence).toBe(2)
  })

  test('commits are not awaited: the next event is judged while the one before it is being written', async () => {
    const bed = testbed()
    const room = Promise.withResolvers<undefined>()
    const begun: string[] = []
    bed.record.onCommit = async (batch) => {
      begun.push(...(batch.accept ?? []).map(({ key }) => key))
      return room.promise
    }
    const sent = [bed.send('one'), bed.send('two')]
    await quiet()
    expect(begun).toEqual(sent.map(({ id }) => `discord:${id}`))
    room.resolve(undefined)
    await quiet()
    expect(bed.texts()).toEqual(['one', 'two'])
  })

  test('a reply to a message that is still being written is accepted', async () => {
    const bed = testbed()
    const room = Promise.withResolvers<undefined>()
    bed.record.onCommit = async () => room.promise
    const first = bed.send('first')
    bed.reply(first, 'reply')
    await quiet()
    room.resolve(undefined)
    await quiet()
    expect(bed.texts()).toEqual(['first', 'reply'])
  })

  test('the question for a conversation is asked again until the database answers', async () => {
    const bed = testbed()
    let fails = true
    bed.record.onQuestion = async () => (fails ? Promise.reject(new Error('locked')) : true)
    bed.reply({ id: THREAD }, 'hello')
    await quiet()
    fails = false
    bed.clock.advance(500)
    await quiet()
    expect(bed.texts()).toEqual(['hello'])
    expect(bed.errors[0]).toContain('the database cannot be read')
  })
})

describe('I2: nothing happens before the rows are on record', () => {
  test('a message is delivered behind its commit; a press is acknowledged behind its commit', async () => {
    const bed = testbed()
    await withConversation(bed)
    bed.event(pressed('9', 5))
    await quiet()
    expect(bed.journal).toEqual(['record press:9', 'position 5', 'acknowledge 9', 'deliver 2'])
  })

  test('while the disk is full nobody hears of anything', async () => {
    const bed = testbed()
    await withConversation(bed)
    let full = true
    bed.record.onCommit = async () => (full ? new StoreUnavailable({ reason: 'disk full' }) : undefined)
    bed.event(pressed('9', 5))
    bed.send('hello')
    await quiet()
    expect(bed.journal).toEqual([])
    full = false
    bed.clock.advance(250)
    await quiet()
    expect(bed.texts()).toEqual(['pressed', 'hello'])
    expect(bed.journal).toContain('acknowledge 9')
  })

  test('a message that nobody can read is answered under a nonce of its own, and leaves no row', async () => {
    const bed = testbed()
    const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
    bed.event({ kind: 'unread', why: 'empty', messageId: '9', place, mentionsBot: false, access: owner, position: undefined })
    await quiet()
    expect(bed.journal).toEqual([expect.stringMatching(/^post \d+ say-9 ⬦ nothing was run/)])
  })

  test.each([
    ['opens a modal', 'ask-deny-why:per_1/x', 'modal 9 ask-deny-why:per_1/x'],
    ['is refused', 'ask-deny:per_1/x', expect.stringMatching(/^refuse 9 /)],
  ])('a press that %s leaves no row', async (_, customId, answer) => {
    const bed = testbed()
    if (customId.includes('why')) await withConversation(bed)
    bed.event(pressed('9', 5, customId))
    await quiet()
    expect(bed.journal).toEqual([answer])
  })

  test('a message that can never be written is logged, and holds up nobody', async () => {
    const bed = testbed()
    bed.record.onCommit = async ({ accept = [] }) =>
      accept.some(({ request }) => request.kind === 'message' && request.message.text === 'bad')
        ? new BatchRejected({ reason: 'NOT NULL' })
        : undefined
    bed.send('bad')
    bed.send('good')
    await quiet()
    expect(bed.texts()).toEqual(['good'])
    expect(bed.errors).toEqual([expect.stringContaining('could not be put on record')])
  })
})

describe('I3: a position is on record with, or after, everything before it', () => {
  test('what carries nothing is written a second later, the newest only', async () => {
    const bed = testbed()
    bed.event({ kind: 'passed', position: at(1) })
    bed.event({ kind: 'passed', position: at(2) })
    await quiet()
    expect(bed.record.written).toBeUndefined()
    bed.clock.advance(1000)
    await quiet()
    expect(bed.journal).toEqual(['position 2'])
  })

  test('a change of a thread is told at once, and its position is written like that of an event that carries nothing', async () => {
    const bed = testbed()
    bed.event({ kind: 'thread-renamed', threadId: THREAD, name: 'new', position: at(1) })
    bed.event({ kind: 'channel-gone', channelId: THREAD, position: at(2) })
    await quiet()
    bed.clock.advance(1000)
    await quiet()
    expect(bed.journal).toEqual([`renamed ${THREAD}`, `gone ${THREAD}`, 'position 2'])
  })

  test('the stop writes what is left', async () => {
    const bed = testbed()
    bed.event({ kind: 'passed', position: at(1) })
    await bed.stop()
    expect(bed.record.written?.sequence).toBe(1)
    expect(bed.clock.pending).toBe(0)
  })

  test('no position passes a message that was given up because the bot stops', async () => {
    const bed = testbed()
    bed.record.onQuestion = async () => Promise.reject(new Error('locked'))
    bed.send('before')
    bed.reply({ id: THREAD }, 'its thread cannot be asked for')
    bed.send('behind it')
    await quiet()
    await bed.stop()
    expect(bed.texts()).toEqual(['before', 'behind it'])
    expect(bed.record.written?.sequence, 'the next process is told of the second message again').toBe(1)
  })

  test('red control: had it been judged, the position would have moved on', async () => {
    const bed = testbed()
    bed.send('before')
    bed.reply({ id: THREAD }, 'not for us')
    bed.send('behind it')
    await quiet()
    await bed.stop()
    expect(bed.record.written?.sequence).toBe(3)
  })

  test('a stop is no defect: nothing is logged', async () => {
    const bed = testbed()
    const asked = Promise.withResolvers<boolean>()
    bed.record.onQuestion = async () => asked.promise
    bed.discord.readAfter = async () => new Promise(() => undefined)
    bed.fresh(1)
    bed.reply({ id: THREAD }, 'hello')
    await quiet()
    asked.resolve(false)
    await bed.stop()
    expect(bed.errors).toEqual([])
  })

  test('red control: a defect is logged', async () => {
    const bed = testbed()
    bed.event({ kind: 'message', message: null as never, access: owner, position: at(1) })
    await quiet()
    expect(bed.errors).toEqual([expect.stringContaining('an event of Discord could not be taken in')])
  })
})

describe('I5 and I6: a command and its receipt', () => {
  const bedWithCommands = async (): Promise<Testbed> => {
    const bed = testbed({ commands: everywhere })
    await withConversation(bed)
    return bed
  }

  test('I6: row, acknowledgement, receipt, conversation, in this order', async () => {
    const bed = await bedWithCommands()
    bed.event(command('9', 5))
    await quiet()
    expect(bed.journal).toEqual(['record command:9', 'position 5', 'defer 9 public', 'receipt 2', 'deliver 2'])
    expect(bed.delivered).toMatchObject([{ order: 2, receipt: bed.clock.now(), request: { kind: 'command' } }])
  })

  test('I6: until Discord has answered, the conversation hears of nothing', async () => {
    const bed = await bedWithCommands()
    const answer = Promise.withResolvers<undefined>()
    bed.discord.defer = async () => answer.promise
    bed.event(command('9', 5))
    await quiet()
    expect(bed.delivered).toEqual([])
    expect(bed.record.receipts.size).toBe(0)
    answer.resolve(undefined)
    await quiet()
    expect(bed.delivered).toHaveLength(1)
  })

  test('I6: until the receipt is on record, the conversation hears of nothing either', async () => {
    const bed = await bedWithCommands()
    const room = Promise.withResolvers<undefined>()
    bed.record.onCommit = async ({ receipts }) => (receipts ? room.promise : undefined)
    bed.event(command('9', 5))
    await quiet()
    expect(bed.journal.at(-1)).toBe('defer 9 public')
    expect(bed.delivered).toEqual([])
    room.resolve(undefined)
    await quiet()
    expect(bed.delivered).toHaveLength(1)
  })

  test('I6: a process that stops in between leaves the row without a receipt', async () => {
    const bed = await bedWithCommands()
    bed.discord.defer = async () => new Promise(() => undefined)
    bed.event(command('9', 5))
    await quiet()
    await bed.stop()
    expect(bed.delivered).toEqual([])
    expect(bed.record.receipts.size).toBe(0)
    expect(bed.record.done.size, 'the next process tells the person').toBe(0)
    expect(bed.errors).toEqual([])
  })

  test('I5: what is written behind a command waits for its receipt; another conversation does not', async () => {
    const bed = await bedWithCommands()
    const answer = Promise.withResolvers<undefined>()
    bed.discord.defer = async () => answer.promise
    bed.event(command('9', 5))
    bed.reply({ id: THREAD }, 'behind it')
    bed.send('elsewhere')
    await quiet()
    expect(bed.texts()).toEqual(['elsewhere'])
    answer.resolve(undefined)
    await quiet()
    expect(bed.texts()).toEqual(['elsewhere', 'command', 'behind it'])
  })

  const answers = (...given: readonly (ChatError | undefined)[]) => {
    const left = [...given]
    return async (): Promise<undefined | ChatError> => left.shift()
  }

  test.each<[string, readonly (ChatError | undefined)[], number]>([
    ['Discord gives no answer, then takes it', [unanswered, undefined], 2],
    [
      'the first was taken, though its answer was lost',
      [unanswered, new ChatRefused({ reason: 'acknowledged', code: 40_060 })],
      2,
    ],
  ])('a command is run when %s', async (_how, given, tries) => {
    const bed = await bedWithCommands()
    bed.discord.defer = answers(...given)
    bed.event(command('9', 5))
    await quiet()
    expect(bed.journal.filter((line) => line.startsWith('defer'))).toHaveLength(tries)
    expect(bed.delivered).toHaveLength(1)
  })

  test.each<[string, readonly (ChatError | undefined)[], number]>([
    ['Discord gives no answer twice', [unanswered, unanswered], 2],
    ['its three seconds were over', [new ChatGone({ reason: 'Unknown interaction', code: 10_062 })], 1],
    ['somebody else has acknowledged it', [new ChatRefused({ reason: 'acknowledged', code: 40_060 })], 1],
  ])('a command is done, and not run, when %s', async (_how, given, tries) => {
    const bed = await bedWithCommands()
    bed.discord.defer = answers(...given)
    bed.event(command('9', 5))
    bed.reply({ id: THREAD }, 'behind it')
    await quiet()
    expect(bed.journal.filter((line) => line.startsWith('defer'))).toHaveLength(tries)
    expect(bed.texts()).toEqual(['behind it'])
    expect([...bed.record.done]).toEqual([2])
    expect(bed.record.receipts.size).toBe(0)
  })

  test('a command is done, and not run, when Discord does not answer within its three seconds', async () => {
    const bed = await bedWithCommands()
    bed.discord.defer = async () => new Promise(() => undefined)
    bed.event(command('9', 5))
    await quiet()
    bed.clock.advance(3000)
    await quiet()
    expect(bed.delivered).toEqual([])
    expect([...bed.record.done]).toEqual([2])
  })

  test('a command that Discord tells again is neither acknowledged nor run again', async () => {
    const bed = await bedWithCommands()
    bed.event(command('9', 5))
    bed.event(command('9', 6))
    await quiet()
    expect(bed.journal.filter((line) => line.startsWith('defer'))).toHaveLength(1)
    expect(bed.delivered).toHaveLength(1)
  })

  test('somebody without rights is told, and nothing is on record', async () => {
    const bed = await bedWithCommands()
    bed.event(command('9', 5, stranger))
    await quiet()
    expect(bed.journal).toEqual([expect.stringMatching(/^refuse 9 ✗ you may not use Kimaki here/)])
  })
})

test('a message that was told already is delivered once', async () => {
  const bed = testbed()
  const sent = message('hello')
  for (const sequence of [1, 2]) bed.event({ kind: 'message', message: sent, access: owner, position: at(sequence) })
  await quiet()
  expect(bed.texts()).toEqual(['hello'])
  expect(bed.record.written?.sequence).toBe(2)
})

test('a message that is not for us moves cursor and position, and reaches nobody', async () => {
  const bed = testbed()
  const sent = bed.send('hello', {}, stranger)
  await quiet()
  expect(bed.record.cursorRows.get(CHANNEL)).toBe(sent.id)
  expect(bed.record.written?.sequence).toBe(1)
  expect(bed.delivered).toEqual([])
})

test('an edit and a deletion of an accepted message reach its conversation behind it', async () => {
  const bed = testbed()
  const sent = bed.send('hello')
  bed.event({ kind: 'edited', message: { ...sent, text: 'hallo' }, access: owner, editedAt: 'now', position: at(5) })
  bed.event({
    kind: 'deleted',
    place: { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false },
    messageIds: [sent.id, nextId()],
    position: at(6),
  })
  await quiet()
  expect(bed.texts()).toEqual(['hello', 'edited-message', 'deleted-message'])
})
