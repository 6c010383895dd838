import { ChannelType, ThreadAutoArchiveDuration as Archive } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { identified } from '../support/gateway.ts'
import { buildTown } from '../support/town.ts'

const { PublicThread: PUBLIC, PrivateThread: PRIVATE } = ChannelType
const HOUR = 3_600_000

test('a thread nobody writes in archives itself when its time has come', async () => {
  const { api, channel, emulator, world, bot } = await buildTown()
  const { client } = await identified(emulator, bot)
  const thread = await api.channels.createThread(channel.id, {
    name: 'Task',
    type: PUBLIC,
    auto_archive_duration: Archive.OneHour,
  })
  const archived = () => world.threads(channel.id)[0]
  emulator.clock.advance(HOUR - 60_000)
  expect(archived()).toMatchObject({ thread_metadata: { archived: false } })
  await api.channels.createMessage(thread.id, { content: 'still here' })
  emulator.clock.advance(HOUR - 60_000)
  expect(archived()).toMatchObject({ thread_metadata: { archived: false } })
  emulator.clock.advance(60_000)
  expect(archived()).toMatchObject({ thread_metadata: { archived: true } })
  expect((await client.event('THREAD_UPDATE')).d).toMatchObject({ id: thread.id, thread_metadata: { archived: true } })
})

test('a message wakes it, and its time begins anew', async () => {
  const { alice, channel, emulator, world } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task')
  emulator.clock.advance(72 * HOUR)
  expect(world.channel(thread.id)).toMatchObject({ thread_metadata: { archived: true } })
  alice.send(thread.id, 'again')
  expect(world.channel(thread.id)).toMatchObject({ thread_metadata: { archived: false } })
  emulator.clock.advance(72 * HOUR)
  expect(world.channel(thread.id)).toMatchObject({ thread_metadata: { archived: true } })
})

test('a bot lists the archived private threads it is a member of', async () => {
  const { api, alice, channel, guild, call, bot } = await buildTown()
  const own = await api.channels.createThread(channel.id, { name: 'Own', type: PRIVATE })
  const secret = alice.startThread(channel.id, 'Secret', undefined, { private: true })
  for (const { id } of [own, secret]) guild.archiveThread(id)
  const listed = await call('GET', `/channels/${channel.id}/users/@me/threads/archived/private`)
  expect(listed.body).toMatchObject({ threads: [{ id: own.id }], members: [{ user_id: bot.id }], has_more: false })
})

test('people join and leave threads', async () => {
  const { alice, channel, guild, world } = await buildTown()
  const bob = world.user('Bob')
  guild.join(bob)
  const thread = alice.startThread(channel.id, 'Task')
  bob.joinThread(thread.id)
  expect(world.channel(thread.id)).toMatchObject({ member_count: 2 })
  bob.leaveThread(thread.id)
  expect(world.channel(thread.id)).toMatchObject({ member_count: 1 })
})
