/** Messages that begin nothing because there were too many within a minute are told, in one message of ours for each burst. */
import { describe, expect, test } from 'vitest'
import { quiet } from '../support/until.ts'
import { CHANNEL, GUILD, inThread, testbed, type Testbed } from './testbed.ts'

const THREAD = '150000000000000001'

describe('V31: more conversations within a minute than one person may begin', () => {
  const said = (bed: Testbed): readonly string[] => bed.journal.filter((line) => /^(post|edit) /.test(line))

  test('begin nothing, move the cursor, and are told in one message that counts them', async () => {
    const bed = testbed({ settings: { threadsPerMinute: 2 } })
    const sent = Array.from({ length: 6 }, (_, index) => bed.send(`number ${index}`))
    await quiet()
    expect(bed.texts()).toEqual(['number 0', 'number 1'])
    expect(bed.record.cursorRows.get(CHANNEL)).toBe(sent.at(-1)?.id)
    bed.clock.advance(2000)
    await quiet()
    bed.clock.advance(2000)
    await quiet()
    expect(said(bed)).toEqual([
      expect.stringContaining(`post ${CHANNEL} say-${sent[2]?.id} ✗ one message of **Ann** was not run`),
      expect.stringMatching(/^edit .*✗ 4 messages of \*\*Ann\*\* were not run.*KIMAKI_MAX_THREADS_PER_MINUTE/),
    ])
    expect(said(bed)[1]).toContain(`/${GUILD}/${CHANNEL}/${sent[2]?.id}`)
    await bed.stop()
  })

  test('in a thread that has a conversation only questions aside count: each opens a thread', async () => {
    const bed = testbed({ settings: { threadsPerMinute: 2 } })
    bed.send('first', { ...inThread(THREAD), mentionsBot: true })
    await quiet()
    for (const words of ['a', 'b', 'c', 'aside. btw', 'another. btw', 'd']) bed.reply({ id: THREAD }, words)
    await quiet()
    expect(bed.texts()).toEqual(['first', 'a', 'b', 'c', 'aside. btw', 'd'])
    expect(said(bed)).toEqual([expect.stringContaining(`post ${THREAD} `)])
    await bed.stop()
  })

  test('the next burst, a minute later, is told anew', async () => {
    const bed = testbed({ settings: { threadsPerMinute: 1 } })
    for (const words of ['one', 'two']) bed.send(words)
    await quiet()
    for (let seconds = 0; seconds < 70; seconds += 2) {
      bed.clock.advance(2000)
      await quiet(2)
    }
    bed.send('three')
    await quiet()
    expect(said(bed).filter((line) => line.startsWith('post'))).toHaveLength(2)
    await bed.stop()
  })
})
