/** Threads are archived only while nobody needs them; Discord is asked right before. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { snowflakeAt } from '../../src/base/ids.ts'
import { openWorld, type World } from './world.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(async () => world.stop())

test('an idle thread is archived once; one in which something newer was written is left', async () => {
  const { port } = world.chat()
  const opened = await port.startThread(world.channelId, 'work')
  if (opened instanceof Error) throw opened
  const { threadId } = opened
  const active = await port.channels.activeThreads(world.guild.id)
  expect(active).toEqual([{ id: threadId, newestId: expect.any(String) as string }])
  world.owner.send(threadId, 'go')
  expect(await port.channels.archive(threadId, snowflakeAt(0))).toBe('left')
  const later = snowflakeAt(Date.now() + 86_400_000)
  expect(await port.channels.archive(threadId, later)).toBe('archived')
  expect(await port.channels.archive(threadId, later)).toBe('left')
  expect(await port.channels.activeThreads(world.guild.id)).toEqual([])
  await port.stop()
})
