/** A channel in which only messages count that mention the bot. */
import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/app/intake/acceptances.ts'
import { around, keys, THREAD } from './judging.ts'
import { inChannel, inThread, message, owner } from './testbed.ts'

const position = undefined

describe('in a channel whose sessions begin by a mention', () => {
  const sent = (facts: Parameters<typeof message>[1], text = 'hello') =>
    ({ kind: 'message', message: message(text, facts), access: owner, position }) as const

  test.each([
    ['a message without one begins nothing', sent({}), 0],
    ['a message with one begins a session', sent({ mentionsBot: true }), 1],
    ['a shell command needs none', sent({}, '!date'), 1],
    ['a message in a thread needs none', sent(inThread(THREAD)), 1],
  ])('%s', async (_name, event, count) => {
    const verdict = await judge(event, around([THREAD], [], { needsMention: true }))
    expect(keys(verdict)).toHaveLength(count)
    expect(verdict).toMatchObject({
      kind: 'record',
      cursors: [{ messageId: event.message.id }, ...(count && !event.message.inThread ? [{}] : [])],
    })
  })

  test('a sticker without one is not talked about', async () => {
    const event = {
      kind: 'unread',
      why: 'empty',
      messageId: '7',
      place: inChannel,
      mentionsBot: false,
      access: owner,
      position,
    } as const
    expect(await judge(event, around([], [], { needsMention: true }))).toEqual({ kind: 'pass' })
  })
})
