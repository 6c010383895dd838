/** What stands in an order stands in the order it was written down, whatever the clock said meanwhile. */
import { expect, test } from 'vitest'
import { CHANNEL, GUILD, message } from '../support/conversation.ts'
import { asking, conversation, ID, newFile, open, post, rows } from './support.ts'

const place = { id: ID, guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: false }
const HOUR = 3_600_000

test.each([
  ['in one moment', [5, 5, 5]],
  ['while the clock was set back', [3 * HOUR, 2 * HOUR, HOUR]],
  ['before the clock was set back, at it, and a little later', [2 * HOUR, HOUR, HOUR + 1]],
])('messages accepted %s come back in the order they were accepted', async (_when, times) => {
  const file = newFile()
  const store = open(file)
  // As Discord told them: the ids do not decide either, since edits and presses have none of their own kind.
  const accepted = times.map((at, n) => asking(message(`m${n}`, { sentAt: new Date(at).toISOString() }), place, at))
  await store.commit({ accept: accepted })
  await store.close()
  const { inbox } = await open(file).load(ID)
  expect(inbox.map(({ request }) => request.kind === 'message' && request.message.text)).toEqual(['m0', 'm1', 'm2'])
  expect(inbox.map(({ order }) => order)).toEqual(inbox.map(({ order }) => order).toSorted((a, b) => a - b))
})

test('posts come back in the order they were planned, and of two sessions the later one counts', async () => {
  const file = newFile()
  const store = open(file)
  const open1 = { thread: { kind: 'open', id: ID }, session: { kind: 'open', id: 'ses_z' } } as const
  const open2 = { ...open1, session: { kind: 'open', id: 'ses_a' } } as const
  const posts = ['k9', 'k1', 'k5'].map((id) => post(id, `part/${id}`))
  await store.commit({ conversation: rows(conversation(store, open1), { posts }) })
  await store.commit({ conversation: rows(conversation(store, open2)) })
  await store.close()
  const { state } = await open(file).load(ID)
  expect([state?.posts.outbox.map(({ id }) => id), state?.session]).toEqual([['k9', 'k1', 'k5'], open2.session])
})
