import { ChannelType, MessageFlags } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { buildTown, caller, codeOf } from '../../support/town.ts'

test('a thread from a message has its id, and the message shows it', async () => {
  const { api, alice, world, channel, bot } = await buildTown()
  const message = alice.send(channel.id, 'a task')
  const thread = await api.channels.createThread(channel.id, { name: 'Task' }, message.id)
  expect(thread).toMatchObject({ id: message.id, type: ChannelType.PublicThread, parent_id: channel.id, owner_id: bot.id })
  expect(thread).toMatchObject({ member: { user_id: bot.id }, message_count: 0, member_count: 1 })
  const parent = await api.channels.getMessage(channel.id, message.id)
  expect(parent.flags).toBe(MessageFlags.HasThread)
  expect(parent.thread).toMatchObject({ id: message.id })
  expect(world.messages(thread.id)).toMatchObject([
    { type: 21, content: '', message_reference: { message_id: message.id, channel_id: channel.id } },
  ])
  expect(world.messages(channel.id)).toHaveLength(1)
})

test('a message has one thread', async () => {
  const { alice, channel, call } = await buildTown()
  const message = alice.send(channel.id, 'a task')
  const path = `/channels/${channel.id}/messages/${message.id}/threads`
  expect((await call('POST', path, { name: 'one' })).status).toBe(201)
  expect(await call('POST', path, { name: 'two' })).toMatchObject({ status: 400, body: { code: 160004 } })
  expect(codeOf(() => alice.startThread(channel.id, 'three', message.id))).toBe(160004)
})

test('a thread from an older message leaves a notice in its channel', async () => {
  let clock = Date.now()
  const { alice, world, channel } = await buildTown({ now: () => clock, olderMessage: 60_000 })
  const old = alice.send(channel.id, 'old')
  clock += 61_000
  const young = alice.send(channel.id, 'young')
  alice.startThread(channel.id, 'Young', young.id)
  expect(world.messages(channel.id)).toHaveLength(2)
  alice.startThread(channel.id, 'Old', old.id)
  expect(world.messages(channel.id).at(-1)).toMatchObject({ type: 18, content: 'Old', message_reference: { channel_id: old.id } })
})

test('a thread without a message is private unless its type says otherwise', async () => {
  const { channel, call, world } = await buildTown()
  const path = `/channels/${channel.id}/threads`
  expect((await call('POST', path, { name: 'quiet' })).body).toMatchObject({ type: ChannelType.PrivateThread })
  expect((await call('POST', path, { name: 'open', type: 11 })).body).toMatchObject({ type: ChannelType.PublicThread })
  expect(world.threads(channel.id)).toHaveLength(2)
  expect(world.messages(channel.id)).toEqual([])
})

test('names have 1 to 100 characters', async () => {
  const { channel, call } = await buildTown()
  const path = `/channels/${channel.id}/threads`
  for (const name of ['', 'n'.repeat(101), undefined]) {
    expect(await call('POST', path, { name, type: 11 })).toMatchObject({
      status: 400,
      body: { code: 50035, errors: { name: {} } },
    })
  }
  expect((await call('POST', path, { name: 'n'.repeat(100), type: 11 })).status).toBe(201)
  expect((await call('POST', path, { name: 'n', type: 11, auto_archive_duration: 61 })).body).toMatchObject({ code: 50035 })
})

test('a message wakes an archived thread, and nothing else can change in it', async () => {
  const { alice, api, world, guild, channel, call } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task', alice.send(channel.id, 'x').id)
  const inside = await api.channels.createMessage(thread.id, { content: 'before' })
  guild.archiveThread(thread.id)
  const archived = { status: 400, body: { code: 50083 } }
  expect(await call('PATCH', `/channels/${thread.id}/messages/${inside.id}`, { content: 'x' })).toMatchObject(archived)
  expect(await call('PUT', `/channels/${thread.id}/messages/${inside.id}/reactions/%F0%9F%91%8D/@me`)).toMatchObject(archived)
  expect(await call('PUT', `/channels/${thread.id}/thread-members/@me`)).toMatchObject(archived)
  expect(await call('PATCH', `/channels/${thread.id}`, { name: 'new' })).toMatchObject(archived)
  expect(codeOf(() => alice.edit(thread.id, inside.id, 'x'))).toBe(50005)
  expect((await call('DELETE', `/channels/${thread.id}/messages/${inside.id}`)).status).toBe(204)
  expect(world.channel(thread.id)).toMatchObject({ thread_metadata: { archived: true } })

  await api.channels.createMessage(thread.id, { content: 'after' })
  expect(world.channel(thread.id)).toMatchObject({ thread_metadata: { archived: false } })
})

test('a locked thread takes messages from moderators only', async () => {
  const { alice, world, guild, channel, api } = await buildTown()
  const bob = world.user('Bob')
  guild.join(bob)
  const thread = bob.startThread(channel.id, 'Task', bob.send(channel.id, 'x').id)
  guild.archiveThread(thread.id, true, true)
  expect(codeOf(() => bob.send(thread.id, 'hello?'))).toBe(160005)
  expect(world.channel(thread.id)).toMatchObject({ thread_metadata: { archived: true, locked: true } })
  await api.channels.createMessage(thread.id, { content: 'the bot may manage threads' })
  expect(codeOf(() => alice.send(thread.id, 'so may the owner'))).toBeUndefined()
  expect(world.channel(thread.id)).toMatchObject({ thread_metadata: { archived: false, locked: true } })
})

test('renaming a thread leaves a notice in it', async () => {
  const { alice, api, world, channel, bot } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task', alice.send(channel.id, 'x').id)
  expect(await api.channels.edit(thread.id, { name: 'New name' })).toMatchObject({ name: 'New name' })
  expect(world.messages(thread.id).at(-1)).toMatchObject({ type: 4, content: 'New name', author: { id: bot.id } })
})

test('active and archived threads are listed apart', async () => {
  const { alice, api, guild, channel } = await buildTown()
  const [one, two, three] = ['1', '2', '3'].map((name) => alice.startThread(channel.id, name))
  guild.archiveThread(one?.id ?? '')
  guild.archiveThread(two?.id ?? '')
  const active = await api.guilds.getActiveThreads(guild.id)
  expect(active.threads.map(({ id }) => id)).toEqual([three?.id])
  expect(active.members).toEqual([])
  const archived = await api.channels.getArchivedThreads(channel.id, 'public')
  expect(archived.threads.map(({ id }) => id)).toEqual([two?.id, one?.id])
  const first = await api.channels.getArchivedThreads(channel.id, 'public', { limit: 2 })
  expect(first).toMatchObject({ has_more: false })
})

test('deleting a thread needs MANAGE_THREADS and takes its messages along', async () => {
  const { alice, api, world, guild, channel, emulator } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task')
  const weak = world.bot({ name: 'weak' })
  guild.addBot(weak, { permissions: 0n })
  expect(await caller(emulator, weak)('DELETE', `/channels/${thread.id}`)).toMatchObject({ status: 403, body: { code: 50013 } })
  await api.channels.delete(thread.id)
  expect(world.channel(thread.id)).toBeUndefined()
  expect(codeOf(() => alice.send(thread.id, 'anyone?'))).toBe(10003)
})

test('threads count their messages', async () => {
  const { alice, world, channel } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task', alice.send(channel.id, 'x').id)
  const first = alice.send(thread.id, 'one')
  alice.send(thread.id, 'two')
  alice.delete(thread.id, first.id)
  expect(world.channel(thread.id)).toMatchObject({ message_count: 1, total_message_sent: 2 })
})
