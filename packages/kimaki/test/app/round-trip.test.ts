/** One message there and back, so that the fakes are known to be true. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asked, openRoom, type Room } from './support/room.ts'
import { until } from './support/until.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

test('a message is answered in its thread, with a footer, and the turn is settled', async () => {
  const life = await room.live()
  const first = await asked(life)
  life.answer('msg_a', 'Done.')
  await until('the footer', () => life.texts().length === 2)
  expect(life.chat.posts.map(({ channelId }) => channelId)).toEqual([first.id, first.id])
  expect(life.texts()[0]).toBe('⬥ Done.')
  expect(life.texts()[1]).toMatch(/garden ⋅ main/)
  await until('settled', async () => (await life.store.openConversations()).length === 0)
  expect(await life.store.openConversations()).toEqual([])
})
