/** Looking for our own posts before the connection stands. */
import { afterEach, expect, test } from 'vitest'
import { ChatUnknown } from '../../src/base/errors.ts'
import { openWorld, outgoing, value, type World } from './world.ts'

let world: World
afterEach(() => world.stop())

test('before we know who we are nothing is said about our posts, instead of that there are none', async () => {
  world = await openWorld()
  const first = world.chat()
  await first.start()
  const { messageId } = value(await first.port.post(world.channelId, outgoing('ours'), 'nonce-1'))
  await first.port.stop()
  const second = world.chat()
  const early = await second.port.ownMessagesAfter(world.channelId, undefined)
  expect(early).toBeInstanceOf(ChatUnknown)
  await second.start()
  const later = value(await second.port.ownMessagesAfter(world.channelId, undefined))
  expect(later.map(({ id }) => id)).toEqual([messageId])
})
