/** Looking for our own posts before the connection stands. */
import { afterEach, expect, test } from 'vitest'
import { openWorld, outgoing, type World } from './world.ts'

let world: World
afterEach(() => world.stop())

test('before we know who we are nothing is said about our posts, instead of that there are none', async () => {
  world = await openWorld()
  const first = world.chat()
  await first.start()
  const posted = await first.port.post(world.channelId, outgoing('ours'), 'nonce-1')
  await first.port.stop()
  const second = world.chat()
  const early = await second.port.ownMessagesAfter(world.channelId, undefined)
  expect(early).toMatchObject({ ok: false, failure: { kind: 'unknown' } })
  await second.start()
  const later = await second.port.ownMessagesAfter(world.channelId, undefined)
  expect(later.ok && later.value.map(({ id }) => id)).toEqual([posted.ok && posted.value.messageId])
})
