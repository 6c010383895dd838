import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { buildTown, text, caller, codeOf } from '../../support/town.ts'

/** A bot with nothing but what @everyone has, and @everyone with exactly `bits`. */
async function everyoneMay(bits: bigint) {
  const town = await buildTown({}, {}, 0n)
  town.guild.setRolePermissions(town.guild.id, bits)
  const thread = town.alice.startThread(town.channel.id, 'Task')
  const post = (path: string, body: unknown = { content: 'x' }) => town.call('POST', `/channels/${path}`, body)
  return { ...town, thread, post }
}

test('without VIEW_CHANNEL everything is missing access', async () => {
  const { call, post, channel, thread } = await everyoneMay(P.SendMessages | P.SendMessagesInThreads)
  for (const answer of [
    await post(`${channel.id}/messages`),
    await post(`${thread.id}/messages`),
    await post(`${channel.id}/typing`, undefined),
    await call('GET', `/channels/${channel.id}`),
    await call('GET', `/channels/${thread.id}`),
  ]) {
    expect(answer).toMatchObject({ status: 403, body: { code: 50001, message: 'Missing Access' } })
  }
})

test('SEND_MESSAGES counts in channels, SEND_MESSAGES_IN_THREADS in threads', async () => {
  const channels = await everyoneMay(P.ViewChannel | P.SendMessages)
  expect((await channels.post(`${channels.channel.id}/messages`)).status).toBe(200)
  expect(await channels.post(`${channels.thread.id}/messages`)).toMatchObject({ status: 403, body: { code: 50013 } })
  const threads = await everyoneMay(P.ViewChannel | P.SendMessagesInThreads)
  expect(await threads.post(`${threads.channel.id}/messages`)).toMatchObject({ status: 403, body: { code: 50013 } })
  expect((await threads.post(`${threads.thread.id}/messages`)).status).toBe(200)
})

test('starting threads needs CREATE_PUBLIC_THREADS or CREATE_PRIVATE_THREADS', async () => {
  const { alice, channel, post } = await everyoneMay(P.ViewChannel | P.SendMessages | P.CreatePublicThreads)
  const message = alice.send(channel.id, 'x')
  expect((await post(`${channel.id}/messages/${message.id}/threads`, { name: 'a' })).status).toBe(201)
  expect((await post(`${channel.id}/threads`, { name: 'b', type: 11 })).status).toBe(201)
  expect(await post(`${channel.id}/threads`, { name: 'c', type: 12 })).toMatchObject({ status: 403, body: { code: 50013 } })
})

test('files need ATTACH_FILES, replies READ_MESSAGE_HISTORY', async () => {
  const { alice, channel, call, post } = await everyoneMay(P.ViewChannel | P.SendMessages)
  const form = new FormData()
  form.set('files[0]', new Blob(['x']), 'x.txt')
  expect(await call('POST', `/channels/${channel.id}/messages`, form)).toMatchObject({ body: { code: 50013 } })
  const reply = { content: 'x', message_reference: { message_id: alice.send(channel.id, 'q').id } }
  expect(await post(`${channel.id}/messages`, reply)).toMatchObject({ status: 403, body: { code: 160002 } })
  expect((await call('GET', `/channels/${channel.id}/messages`)).body).toEqual([])
})

test('the bot deletes what is not its own only with MANAGE_MESSAGES', async () => {
  const { alice, channel, call, guild } = await everyoneMay(P.ViewChannel | P.SendMessages)
  const message = alice.send(channel.id, 'x')
  const path = `/channels/${channel.id}/messages/${message.id}`
  expect(await call('DELETE', path)).toMatchObject({ status: 403, body: { code: 50013 } })
  guild.setRolePermissions(guild.id, P.ViewChannel | P.ManageMessages)
  expect((await call('DELETE', path)).status).toBe(204)
})

test('overwrites of @everyone, roles and the member are applied in this order', async () => {
  const { world, guild, channel } = await buildTown()
  const bob = world.user('Bob')
  const role = guild.role({ name: 'Speaker' })
  guild.join(bob, [role.id])
  const maySend = () => codeOf(() => bob.send(channel.id, 'x')) === undefined
  expect(maySend()).toBe(true)
  const everyone = { id: guild.id, type: 'role', deny: P.SendMessages } as const
  guild.setOverwrites(channel.id, [everyone])
  expect(maySend()).toBe(false)
  const speakers = { id: role.id, type: 'role', allow: P.SendMessages } as const
  guild.setOverwrites(channel.id, [everyone, speakers])
  expect(maySend()).toBe(true)
  guild.setOverwrites(channel.id, [everyone, speakers, { id: bob.id, type: 'member', deny: P.SendMessages }])
  expect(maySend()).toBe(false)
  guild.setRolePermissions(role.id, P.Administrator)
  expect(maySend()).toBe(true)
})

test('a private thread is seen by its members and by moderators', async () => {
  const { world, guild, channel, call } = await buildTown()
  const { body } = await call('POST', `/channels/${channel.id}/threads`, { name: 'quiet' })
  const threadId = text(body.id)
  const bob = world.user('Bob')
  guild.join(bob)
  expect(codeOf(() => bob.send(threadId, 'hello'))).toBe(50001)
  expect((await call('PUT', `/channels/${threadId}/thread-members/${bob.id}`)).status).toBe(204)
  expect(codeOf(() => bob.send(threadId, 'hello'))).toBeUndefined()
})

test('a person who is not in the guild has no access', async () => {
  const { world, channel } = await buildTown()
  expect(codeOf(() => world.user('Stranger').send(channel.id, 'x'))).toBe(50001)
})

test('a thread’s owner renames and archives it without MANAGE_THREADS, but does not lock it', async () => {
  const { call, channel } = await buildTown({}, {}, 0n)
  const { body } = await call('POST', `/channels/${channel.id}/threads`, { name: 'mine', type: 11 })
  const path = `/channels/${text(body.id)}`
  expect((await call('PATCH', path, { name: 'renamed' })).status).toBe(200)
  expect(await call('PATCH', path, { locked: true })).toMatchObject({ status: 403, body: { code: 50013 } })
  expect((await call('PATCH', path, { archived: true })).status).toBe(200)
  expect((await call('PATCH', path, { archived: false })).status).toBe(200)
})

test('a token that is none is unauthorized', async () => {
  const { emulator } = await buildTown()
  const answer = await caller(emulator, { token: 'wrong' })('GET', '/users/@me')
  expect(answer).toMatchObject({ status: 401, body: { message: '401: Unauthorized', code: 0 } })
})
