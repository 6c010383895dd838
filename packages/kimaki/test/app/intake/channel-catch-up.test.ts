/** The past of one channel and its threads: what is read when, and what a kill in the middle leaves. */
import { describe, expect, test } from 'vitest'
import { BatchRejected, ChatGone, ChatUnknown } from '../../../src/base/errors.ts'
import type { CatchUpPage } from '../../../src/ports/chat.ts'
import { quiet } from '../support/until.ts'
import { CHANNEL, inThread, listing, message, OTHER, page, pageAfter, pages, testbed, type Testbed } from './testbed.ts'

const unanswered = new ChatUnknown({ reason: 'no answer' })
const gone = new ChatGone({ reason: 'Unknown Channel', code: 10_003 })

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
