/** After a fresh session the past is read, place by place, while what is written meanwhile waits behind it. */
import { describe, expect, test } from 'vitest'
import { BatchRejected, ChatGone, ChatUnknown } from '../../../src/base/errors.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { CatchUpPage } from '../../../src/ports/chat.ts'
import { quiet } from '../support/until.ts'
import { CHANNEL, GUILD, inThread, message, OTHER, owner, page, pageAfter, testbed, type Testbed } from './testbed.ts'

const unanswered = new ChatUnknown({ reason: 'no answer' })
const gone = new ChatGone({ reason: 'Unknown Channel', code: 10_003 })
const elsewhere = { channelId: OTHER, projectChannelId: OTHER }

/** Discord's answers for the pages of each place; unset, a place is read with one empty page. */
const pages =
  (places: Readonly<Record<string, (after: string) => CatchUpPage | ChatUnknown | Promise<CatchUpPage>>>) =>
  async (placeId: string, after: string): Promise<CatchUpPage | ChatUnknown> =>
    places[placeId]?.(after) ?? page([])

const listing =
  (...threads: readonly string[]) =>
  async () =>
    threads.map((id) => ({ id, parentId: CHANNEL }))

describe('I4: a live message goes on record behind the past of its place', () => {
  /** `answers`: does Discord answer for this channel yet? */
  async function broken(answers: (channelId: string) => boolean): Promise<Testbed> {
    const bed = testbed({ channels: [CHANNEL, OTHER] })
    const missed = message('missed in the broken one')
    const found = message('missed in the other', elsewhere)
    bed.discord.readAfter = async (channelId, after) => {
      if (!answers(channelId)) return unanswered
      return channelId === OTHER ? pageAfter(after, found) : pageAfter(after, missed)
    }
    bed.fresh(50)
    await quiet()
    bed.send('live in the broken one')
    bed.send('live in the other', elsewhere)
    await quiet()
    return bed
  }

  test('a channel that cannot be read holds its own live messages; the other one is read and heard', async () => {
    let mended = false
    const bed = await broken((channelId) => mended || channelId === OTHER)
    expect(bed.texts()).toEqual(['missed in the other', 'live in the other'])
    bed.clock.advance(2000)
    await quiet()
    expect(bed.record.written, 'a restart must begin here again').toBeUndefined()
    mended = true
    bed.clock.advance(30_000)
    await quiet()
    expect(bed.texts().slice(2)).toEqual(['missed in the broken one', 'live in the broken one'])
    expect(bed.record.written?.sequence).toBe(2)
  })

  test('red control: were one held for the other, nothing would be heard', async () => {
    expect((await broken(() => false)).texts()).toEqual([])
  })

  test('red control: without the hold-back a live message is on record before what was missed', async () => {
    const bed = testbed()
    const missed = message('missed')
    bed.discord.readAfter = async (_place, after) => pageAfter(after, missed)
    bed.send('live')
    await quiet()
    expect(bed.record.cursorRows.get(CHANNEL)?.localeCompare(missed.id), 'the cursor has passed it').toBe(1)
    bed.fresh(50)
    await quiet()
    expect(bed.texts()).toEqual(['live'])
  })

  test('a reply to a message that is not read yet waits; one in a known thread does not', async () => {
    let mended = false
    const bed = testbed()
    const known = bed.send('known')
    await quiet()
    const missed = message('missed')
    bed.discord.readAfter = async (placeId, after) => {
      if (placeId !== CHANNEL) return page([])
      return mended ? pageAfter(after, known, missed) : unanswered
    }
    bed.fresh(50)
    await quiet()
    bed.reply(missed, 'a reply to it')
    bed.reply(known, 'a reply to the known one')
    await quiet()
    expect(bed.texts()).toEqual(['known', 'a reply to the known one'])
    mended = true
    bed.clock.advance(30_000)
    await quiet()
    expect(bed.texts().slice(2)).toEqual(['missed', 'a reply to it'])
  })

  test('what waited for the list of threads goes on to wait for its own thread', async () => {
    const bed = testbed()
    const thread = '150000000000000001'
    bed.send('known', { ...inThread(thread), mentionsBot: true })
    await quiet()
    const missed = message('missed in the thread', inThread(thread))
    const list = Promise.withResolvers<void>()
    const reading = Promise.withResolvers<CatchUpPage>()
    bed.discord.threadsSince = async () => list.promise.then(listing(thread))
    bed.discord.readAfter = pages({ [thread]: () => reading.promise })
    bed.fresh(50)
    await quiet()
    bed.reply({ id: thread }, 'live in the thread')
    list.resolve()
    await quiet()
    expect(bed.texts()).toEqual(['known'])
    reading.resolve(page([missed]))
    await quiet()
    expect(bed.texts()).toEqual(['known', 'missed in the thread', 'live in the thread'])
  })

  test('the same message live and found is delivered once', async () => {
    const bed = testbed()
    const sent = bed.send('hello')
    bed.discord.readAfter = async (_place, after) => pageAfter(after, sent)
    bed.record.cursorRows.delete(CHANNEL)
    bed.fresh(9)
    await quiet()
    expect(bed.texts()).toEqual(['hello'])
  })
})

describe('I3: the position of the new session', () => {
  test('is saved as soon as everything has been read', async () => {
    const bed = testbed()
    bed.fresh(7)
    await quiet()
    expect(bed.record.written?.sequence).toBe(7)
    expect(bed.record.marks.size).toBe(0)
  })

  test('is saved at once when there is nothing to read', async () => {
    const bed = testbed({ channels: [] })
    bed.fresh(7)
    await quiet()
    expect(bed.record.written?.sequence).toBe(7)
  })

  test('is not saved by a stop in the middle: the next start reads the rest', async () => {
    const bed = testbed()
    bed.discord.readAfter = async () => new Promise(() => undefined)
    bed.fresh(1)
    await quiet()
    await bed.stop()
    expect(bed.record.written).toBeUndefined()
    expect(bed.record.marks.has(CHANNEL)).toBe(true)
    expect(bed.clock.pending).toBe(0)
  })

  test('is saved behind what was held, with everything that was held on record', async () => {
    const bed = testbed()
    const reading = Promise.withResolvers<CatchUpPage>()
    bed.discord.readAfter = pages({ [CHANNEL]: () => reading.promise })
    bed.fresh(50)
    await quiet()
    const live = bed.send('live')
    await quiet()
    reading.resolve(page([]))
    await quiet()
    expect(bed.journal).toEqual([`record discord:${live.id}`, 'position 1', 'deliver 1'])
  })
})

describe('C1: the mark', () => {
  test('is on record before the cursor moves, and until the threads have been read', async () => {
    const bed = testbed()
    const thread = '150000000000000001'
    const found = message('found')
    const inTheThread = Promise.withResolvers<CatchUpPage>()
    bed.discord.threadsSince = listing(thread)
    bed.discord.readAfter = pages({ [CHANNEL]: (after) => pageAfter(after, found), [thread]: () => inTheThread.promise })
    const marksAtCommit: boolean[] = []
    bed.record.onCommit = async ({ accept = [] }) => {
      if (accept.length > 0) marksAtCommit.push(bed.record.marks.has(CHANNEL))
      return undefined
    }
    bed.fresh(1)
    await quiet()
    expect(bed.texts()).toEqual(['found'])
    expect(marksAtCommit).toEqual([true])
    expect(bed.record.cursorRows.get(CHANNEL)).toBe(found.id)
    expect(bed.record.marks.get(CHANNEL)).toBe('100000000000000000')
    inTheThread.resolve(page([]))
    await quiet()
    expect(bed.record.marks.size).toBe(0)
  })

  /** A process that ended between a channel and its archived thread, and the next one. */
  async function killed(forgetMark: boolean): Promise<readonly string[]> {
    const first = message('begins a thread')
    const second = message('in the thread', inThread(first.id))
    const later = message('later in the channel')
    const prepare = (bed: Testbed, thread: () => Promise<CatchUpPage>): void => {
      // Archived: it is listed only if it holds anything newer.
      bed.discord.threadsSince = async (since) => (second.id > since ? [{ id: first.id, parentId: CHANNEL }] : [])
      bed.discord.readAfter = async (placeId, after) => (placeId === CHANNEL ? pageAfter(after, first, later) : thread())
    }
    const doomed = testbed()
    prepare(doomed, async () => new Promise(() => undefined))
    doomed.fresh(1)
    await quiet()
    expect(doomed.texts()).toEqual(['begins a thread', 'later in the channel'])
    const next = testbed()
    for (const [key, row] of doomed.record.rows) next.record.rows.set(key, row)
    for (const [id, cursor] of doomed.record.cursorRows) next.record.cursorRows.set(id, cursor)
    if (!forgetMark) for (const [id, mark] of doomed.record.marks) next.record.marks.set(id, mark)
    prepare(next, async () => page([second]))
    next.fresh(1)
    await quiet()
    return next.texts()
  }

  test('lets the next process read a thread that was archived meanwhile', async () => {
    expect(await killed(false)).toEqual(['in the thread'])
  })

  test('red control: without the mark the channel has moved past it', async () => {
    expect(await killed(true)).toEqual([])
  })

  test('a channel that was linked while Discord could not be asked begins where the first connection finds it', async () => {
    const bed = testbed()
    bed.record.cursorRows.clear()
    const early = message('before')
    const late = message('after')
    bed.discord.newestIn = async () => early.id
    bed.discord.readAfter = async (_place, after) => pageAfter(after, early, late)
    bed.fresh(1)
    await quiet()
    expect(bed.texts()).toEqual(['after'])
  })

  test('it is not begun while Discord cannot be asked where it stands', async () => {
    const bed = testbed()
    bed.record.cursorRows.clear()
    let fails = true
    bed.discord.newestIn = async () => (fails ? unanswered : CHANNEL)
    bed.fresh(1)
    await quiet()
    expect(bed.record.marks.size).toBe(0)
    fails = false
    bed.clock.advance(500)
    await quiet()
    expect(bed.record.cursorRows.get(CHANNEL)).toBe(CHANNEL)
    expect(bed.record.written?.sequence).toBe(1)
  })
})

describe('C2: young threads are read after their channel', () => {
  const first = message('one')
  const second = message('two', inThread(first.id))

  test('so that the message which began the conversation comes first', async () => {
    const bed = testbed()
    const channelRead = Promise.withResolvers<CatchUpPage>()
    bed.discord.threadsSince = listing(first.id)
    bed.discord.readAfter = pages({ [CHANNEL]: () => channelRead.promise, [first.id]: (after) => pageAfter(after, second) })
    bed.fresh(1)
    await quiet()
    channelRead.resolve(page([first]))
    await quiet()
    expect(bed.texts()).toEqual(['one', 'two'])
  })

  test('red control: read before it, the thread is nobody we know', async () => {
    const bed = testbed()
    bed.discord.threadsSince = listing(first.id)
    // The mark is younger than the thread, so it passes for an old one.
    bed.record.marks.set(CHANNEL, second.id)
    const channelRead = Promise.withResolvers<CatchUpPage>()
    bed.discord.readAfter = pages({ [CHANNEL]: () => channelRead.promise, [first.id]: () => page([second]) })
    bed.fresh(1)
    await quiet()
    channelRead.resolve(page([first]))
    await quiet()
    expect(bed.texts()).toEqual(['one'])
  })

  test('and not while the channel cannot be read', async () => {
    const bed = testbed()
    const asked: string[] = []
    bed.discord.threadsSince = listing(first.id)
    bed.discord.readAfter = async (placeId) => {
      asked.push(placeId)
      return unanswered
    }
    bed.fresh(1)
    await quiet()
    expect(asked).toEqual([CHANNEL])
  })

  test('an older thread is read even while the channel cannot be', async () => {
    const bed = testbed()
    const thread = '150000000000000001'
    bed.record.marks.set(CHANNEL, '160000000000000000')
    bed.discord.threadsSince = listing(thread)
    const found = message('in the old thread', { ...inThread(thread), mentionsBot: true })
    bed.discord.readAfter = pages({ [CHANNEL]: () => unanswered, [thread]: (after) => pageAfter(after, found) })
    bed.fresh(1)
    await quiet()
    expect(bed.texts()).toEqual(['in the old thread'])
  })
})

describe('C3: where Discord does not answer', () => {
  test('a page is asked for again from where the last one ended', async () => {
    const bed = testbed()
    const [one, two, three] = [message('1'), message('2'), message('3')] as const
    const asked: string[] = []
    let fails = true
    bed.discord.readAfter = async (_place, after) => {
      asked.push(after)
      if (after === two.id && fails) {
        fails = false
        return unanswered
      }
      return after === two.id ? page([three]) : page([one, two], true)
    }
    bed.fresh(1)
    await quiet()
    expect(bed.texts()).toEqual(['1', '2'])
    bed.clock.advance(500)
    await quiet()
    expect(asked.slice(1)).toEqual([two.id, two.id])
    expect(bed.record.cursorRows.get(CHANNEL)).toBe(three.id)
  })

  test('a list that fails is asked for again; live messages of the channel wait', async () => {
    const bed = testbed()
    let fails = true
    bed.discord.threadsSince = async () => (fails ? unanswered : [])
    bed.fresh(1)
    await quiet()
    bed.send('live')
    await quiet()
    expect(bed.texts()).toEqual([])
    fails = false
    bed.clock.advance(500)
    await quiet()
    expect(bed.texts()).toEqual(['live'])
  })

  test('a place that is gone is read to its end', async () => {
    const bed = testbed()
    bed.discord.threadsSince = async () => gone
    bed.discord.readAfter = async () => gone
    bed.fresh(1)
    await quiet()
    expect(bed.record.written?.sequence).toBe(1)
  })

  test('a reading that breaks is begun again: live events are not held for ever', async () => {
    const bed = testbed()
    let fails = true
    const { cursors } = bed.record
    bed.record.cursors = async () => (fails ? Promise.reject(new Error('cannot read')) : cursors())
    bed.fresh(1)
    await quiet()
    fails = false
    bed.clock.advance(60_000)
    await quiet()
    bed.send('hello')
    await quiet()
    expect(bed.texts()).toEqual(['hello'])
  })

  test('a channel whose reading throws is tried again, the others are read', async () => {
    const bed = testbed({ channels: [CHANNEL, OTHER] })
    let fails = true
    bed.discord.readAfter = async (placeId) => (fails && placeId === CHANNEL ? Promise.reject(new Error('broken')) : page([]))
    bed.fresh(1)
    await quiet()
    expect([...bed.record.marks.keys()]).toEqual([CHANNEL])
    expect(bed.errors).toEqual([expect.stringContaining('catch-up of a channel broke')])
    fails = false
    bed.clock.advance(500)
    await quiet()
    expect(bed.record.marks.size).toBe(0)
  })

  test('a message that can never be written is passed over', async () => {
    const bed = testbed()
    const [bad, good] = [message('bad'), message('good')] as const
    bed.discord.readAfter = async (_place, after) => pageAfter(after, bad, good)
    bed.record.onCommit = async ({ accept = [] }) =>
      accept.some(({ key }) => key === `discord:${bad.id}`) ? new BatchRejected({ reason: 'NOT NULL' }) : undefined
    bed.fresh(1)
    await quiet()
    expect(bed.texts()).toEqual(['good'])
    expect(bed.record.written?.sequence).toBe(1)
  })
})

describe('C4: a place is reported as read when everything found in it is on record', () => {
  test('a live message waits for the commit of what was found before it', async () => {
    const bed = testbed()
    const missed = message('missed')
    const room = Promise.withResolvers<undefined>()
    bed.discord.readAfter = async (_place, after) => pageAfter(after, missed)
    bed.record.onCommit = async ({ accept = [] }) =>
      accept.some(({ key }) => key.endsWith(missed.id)) ? room.promise : undefined
    bed.fresh(1)
    await quiet()
    bed.send('live')
    await quiet()
    expect(bed.texts()).toEqual([])
    room.resolve(undefined)
    await quiet()
    expect(bed.texts()).toEqual(['missed', 'live'])
  })
})

describe('I7: a newer session', () => {
  /** Two sessions in a row; the first run's page comes after the second session has begun. */
  async function superseded(bed: Testbed, missed: IncomingMessage): Promise<void> {
    const pagesAsked: PromiseWithResolvers<CatchUpPage>[] = []
    bed.discord.readAfter = async () => {
      const asked = Promise.withResolvers<CatchUpPage>()
      pagesAsked.push(asked)
      return asked.promise
    }
    bed.fresh(1)
    await quiet()
    bed.fresh(2)
    pagesAsked[0]?.resolve(page([]))
    await quiet()
    bed.send('live')
    await quiet()
    expect(bed.texts(), 'held until the second run has read').toEqual([])
    pagesAsked[1]?.resolve(page([missed]))
    await quiet()
  }

  test('begins again: only its own run hands back what is held', async () => {
    const bed = testbed()
    await superseded(bed, message('missed between the sessions'))
    expect(bed.texts()).toEqual(['missed between the sessions', 'live'])
    expect(bed.errors).toEqual([])
  })

  /** Keeps the queue busy with a press, so that the new session waits in it, and behind that what the first run reports. */
  function busy(bed: Testbed): () => void {
    const thread = '150000000000000001'
    const asked = Promise.withResolvers<boolean>()
    bed.record.onQuestion = async (id) => (id === thread ? asked.promise : undefined)
    const press = { id: '9', guildId: GUILD, channelId: thread, messageId: '8', customId: 'stop:x', userId: '3', userName: 'Ann' }
    bed.event({ kind: 'pressed', press, place: inThread(thread), token: 'token', access: owner, position: undefined })
    return () => asked.resolve(false)
  }

  test('a place that the first run has just read is held again', async () => {
    const bed = testbed()
    const readings = [Promise.withResolvers<CatchUpPage>(), Promise.withResolvers<CatchUpPage>()] as const
    let run = 0
    bed.discord.readAfter = async () => readings[(run += 1) - 1]?.promise ?? page([])
    bed.fresh(1)
    await quiet()
    const goOn = busy(bed)
    bed.fresh(2)
    readings[0].resolve(page([]))
    await quiet()
    goOn()
    await quiet()
    bed.send('live')
    await quiet()
    expect(bed.texts()).toEqual([])
    readings[1].resolve(page([message('missed')]))
    await quiet()
    expect(bed.texts()).toEqual(['missed', 'live'])
  })

  test('a list that the first run has just got counts no more', async () => {
    const bed = testbed()
    const known = bed.send('known')
    await quiet()
    const list = Promise.withResolvers<void>()
    const missed = message('missed in the thread', inThread(known.id))
    const reading = Promise.withResolvers<CatchUpPage>()
    let run = 0
    bed.discord.threadsSince = async () => ((run += 1) === 1 ? list.promise.then(listing()) : listing(known.id)())
    bed.discord.readAfter = pages({ [known.id]: () => reading.promise })
    bed.fresh(1)
    await quiet()
    const goOn = busy(bed)
    bed.fresh(2)
    list.resolve()
    await quiet()
    goOn()
    await quiet()
    bed.reply(known, 'live in the thread')
    await quiet()
    expect(bed.texts(), 'held for the thread, which only the second list names').toEqual(['known'])
    reading.resolve(page([missed]))
    await quiet()
    expect(bed.texts()).toEqual(['known', 'missed in the thread', 'live in the thread'])
  })
})
