/** Who spoke in a channel since a person did, from the rows of the inbox. */
import { expect, test } from 'vitest'
import type { Request } from '../../src/domain/conversation/request.ts'
import type { Author, IncomingMessage } from '../../src/domain/message/incoming.ts'
import { CHANNEL, GUILD, message } from '../support/conversation.ts'
import { open } from './support.ts'

const bot: Author = { kind: 'person', id: '5', name: 'Robo', isBot: true }
const program: Author = { kind: 'program', name: 'kimaki send', userId: undefined }
const begins = { name: 'x' }

test('the newest first, down to the newest question of a person', async () => {
  const store = open()
  let at = 0
  const row = async (
    conversation: string,
    facts: Partial<IncomingMessage>,
    make: (message: IncomingMessage) => Request = (written) => ({ kind: 'message', message: written }),
    { key = `k${at}`, channelId = CHANNEL } = {},
  ) => {
    at += 1
    const place = { id: conversation, guildId: GUILD, channelId, directory: '/p', inThread: false }
    await store.commit({ accept: [{ key, request: make(message('m', facts)), conversation: place, at }] })
  }
  const saidBy = async () =>
    (await store.saidIn(CHANNEL)).map(({ conversation, author, at: time }) => [conversation, author.name, time])

  expect(await saidBy()).toEqual([])
  await row('old', { author: bot })
  await row('asked', {})
  await row('one', { author: bot })
  await row('one', { inThread: true, namesOther: true })
  await row('elsewhere', {}, undefined, { channelId: '9' })
  await row('one', { author: bot }, (edited) => ({ kind: 'edited-message', message: edited }))
  await row('begin:a', { author: program }, (asked) => ({ kind: 'begin', message: asked, begins }), { key: 'send:a' })
  await row('thread-of-a', { author: program }, (first) => ({ kind: 'message', message: first, begins }), { key: 'begun:send:a' })
  await row('thread-of-a', { author: program })
  await row('begin:mirror:s', { author: program }, (asked) => ({ kind: 'begin', message: asked, begins }), { key: 'mirror:s' })
  await row('unbegun:7', { author: bot }, (refused) => ({ kind: 'unbegun', message: refused }))
  expect(await saidBy()).toEqual([
    ['unbegun:7', 'Robo', 11],
    ['begin:a', 'kimaki send', 9],
    ['begin:a', 'kimaki send', 7],
    ['one', 'Robo', 3],
    ['asked', 'Ann', 2],
  ])
})
