/** After a fresh session the past is read, place by place, while what is written meanwhile waits behind it. */
import { describe, expect, test } from 'vitest'
import { ChatUnknown } from '../../../src/base/errors.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { CatchUpPage } from '../../../src/ports/chat.ts'
import { quiet } from '../support/until.ts'
import {
  CHANNEL,
  GUILD,
  inThread,
  listing,
  message,
  OTHER,
  owner,
  page,
  pageAfter,
  pages,
  testbed,
  type Testbed,
} from './testbed.ts'

const unanswered = new ChatUnknown({ reason: 'no answer' })
const elsewhere = { channelId: OTHER, projectChannelId: OTHER }

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

describe('where a live message waits is read first', () => {
  const threads = Array.from({ length: 30 }, (_, n) => `9000000000000${String(1000 + n)}`)
  const last = threads.at(-1) ?? ''

  /** Discord answers one page at a time, when it is told to. */
  function slow(bed: Testbed): { readonly asked: string[]; answer(): Promise<void> } {
    const asked: string[] = []
    const waiting: (() => void)[] = []
    bed.discord.readAfter = async (placeId) => {
      asked.push(placeId)
      await new Promise<void>((resolve) => waiting.push(resolve))
      return page([])
    }
    return { asked, answer: async () => (waiting.shift()?.(), quiet(3)) }
  }

  test('a thread before many old ones: its message does not wait for their past, and goes on record in order', async () => {
    const bed = testbed()
    bed.send('known', { ...inThread(last), mentionsBot: true })
    await quiet()
    bed.discord.threadsSince = listing(...threads)
    const { asked, answer } = slow(bed)
    bed.fresh(50)
    await quiet()
    expect(asked).toHaveLength(8)
    bed.reply({ id: last }, 'live, one')
    bed.reply({ id: last }, 'live, two')
    await quiet()
    for (let pages = 0; pages < 9; pages += 1) await answer()
    expect(asked.indexOf(last)).toBe(8)
    expect(bed.texts()).toEqual(['known', 'live, one', 'live, two'])
    expect(asked.length, 'the old ones are still being read').toBeLessThan(threads.length)
  })

  test('and a channel before many quiet ones', async () => {
    const channels = Array.from({ length: 20 }, (_, n) => `1000000000000001${String(10 + n)}`)
    const channelId = channels.at(-1) ?? ''
    const bed = testbed({ channels })
    const { asked, answer } = slow(bed)
    bed.fresh(50)
    await quiet()
    bed.send('live', { channelId, projectChannelId: channelId })
    await quiet()
    for (let pages = 0; pages < 9; pages += 1) await answer()
    expect(asked.indexOf(channelId)).toBe(8)
    expect(bed.texts()).toEqual(['live'])
  })
})
