/** Marks on messages of the bot's own: only who has its token makes them, and each is good for one text in one channel, once, for ten minutes. */
import { describe, expect, test } from 'vitest'
import { snowflakeAt } from '../../src/base/ids.ts'
import type { Mark } from '../../src/domain/message/mark.ts'
import { Marks } from '../../src/discord/outbound/mark.ts'

const AT = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const CHANNEL = '100000000000000001'
const BOT = '100000000000000002'
const MARK: Mark = { id: 'b3a1c6de-0f64-4d0c-9d7a-2a52f5d9c1aa', at: AT, name: 'Grüße', agent: 'plan' }
const marks = new Marks('a.token.of-the-bot')
const footer = marks.footer({ channelId: CHANNEL, authorId: BOT, text: 'build it' }, MARK)

const posted = (facts: object = {}, text = footer): unknown => ({
  id: snowflakeAt(AT + MINUTE),
  channel_id: CHANNEL,
  author: { id: BOT, username: 'kimaki', bot: true },
  content: 'build it',
  embeds: [{ footer: { text } }],
  ...facts,
})

test('the message is read back with what its mark says', () => {
  expect(marks.read(posted())).toEqual({ mark: MARK, text: 'build it', attachments: [] })
  expect(footer.length).toBeLessThan(2048)
})

test('the files of the message are those that the mark names, in their order', () => {
  const file = (id: string) => ({ id, filename: `${id}.txt`, size: 2, url: `https://cdn/${id}` })
  const named = marks.footer({ channelId: CHANNEL, authorId: BOT, text: 'build it' }, { ...MARK, files: ['one', 'two'] })
  const [first, second] = [file('100000000000000011'), file('100000000000000012')]
  expect(marks.read(posted({ attachments: [first, second] }, named))?.attachments).toMatchObject([
    { id: first.id, digest: 'one' },
    { id: second.id, digest: 'two' },
  ])
  expect(marks.read(posted({ attachments: [first] }, named))).toBeUndefined()
  expect(marks.read(posted({ attachments: [first] }))).toBeUndefined()
})

describe('says nothing', () => {
  const flipped = (mac: string): string => `${mac.slice(0, -2)}${mac.at(-2) === 'A' ? 'B' : 'A'}${mac.at(-1)}`
  test.each([
    ['under another text', posted({ content: 'delete it' })],
    ['in another channel', posted({ channel_id: '100000000000000009' })],
    ['of another author', posted({ author: { id: '100000000000000009', username: 'eve' } })],
    ['posted eleven minutes later', posted({ id: snowflakeAt(AT + 11 * MINUTE) })],
    ['with another MAC', posted({}, flipped(footer))],
    ['with other words', posted({}, footer.replace(/ \w/, ' X'))],
    ['without a mark', posted({ embeds: [] })],
    ['with a footer of somebody', posted({}, 'kimaki says hello')],
    ['that cannot be read', 'nonsense'],
  ])('a message %s', (_what, message) => {
    expect(marks.read(message)).toBeUndefined()
  })

  test('a mark that another token made', () => {
    expect(new Marks('another.token').read(posted())).toBeUndefined()
  })
})
