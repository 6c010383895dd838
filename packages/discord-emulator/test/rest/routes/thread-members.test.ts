import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { TEXT_BOT_PERMISSIONS } from '../../../src/rules/permissions.ts'
import { buildTown, caller, text } from '../../support/town.ts'

test('the bot joins and leaves, and sees who is there', async () => {
  const { alice, api, channel, bot } = await buildTown({}, { guildMembersIntent: true })
  const thread = alice.startThread(channel.id, 'Task')
  const present = async () => (await api.threads.getAllMembers(thread.id)).map(({ user_id }) => user_id)
  expect(await present()).toEqual([alice.id])
  await api.threads.join(thread.id)
  expect(await present()).toEqual([alice.id, bot.id])
  expect(await api.threads.getMember(thread.id, bot.id)).toMatchObject({ id: thread.id, user_id: bot.id })
  await api.threads.leave(thread.id)
  expect(await present()).toEqual([alice.id])
})

test('listing members needs the privileged intent', async () => {
  const { alice, channel, call } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task')
  expect(await call('GET', `/channels/${thread.id}/thread-members`)).toMatchObject({ status: 403, body: { code: 50001 } })
})

test('adding and removing another leaves notices', async () => {
  const { alice, api, world, guild, channel } = await buildTown()
  const bob = world.user('Bob')
  guild.join(bob)
  const thread = alice.startThread(channel.id, 'Task')
  await api.threads.addMember(thread.id, bob.id)
  await api.threads.addMember(thread.id, bob.id)
  await api.threads.removeMember(thread.id, bob.id)
  expect(world.messages(thread.id)).toMatchObject([
    { type: 1, mentions: [{ id: bob.id }] },
    { type: 2, mentions: [{ id: bob.id }] },
  ])
})

test('who writes in a thread or is mentioned there becomes a member', async () => {
  const { alice, world, guild, channel, call, bot } = await buildTown()
  const bob = world.user('Bob')
  guild.join(bob)
  const thread = alice.startThread(channel.id, 'Task')
  bob.send(thread.id, `<@${bot.id}> please`)
  for (const id of [alice.id, bob.id, bot.id]) {
    expect((await call('GET', `/channels/${thread.id}/thread-members/${id}`)).status).toBe(200)
  }
})

test('strangers cannot be added', async () => {
  const { alice, world, channel, call } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task')
  const stranger = world.user('Stranger')
  const path = `/channels/${thread.id}/thread-members`
  expect(await call('PUT', `${path}/${stranger.id}`)).toMatchObject({ status: 404, body: { code: 10007 } })
  expect(await call('PUT', `${path}/1`)).toMatchObject({ status: 404, body: { code: 10013 } })
  expect(await call('GET', `${path}/${stranger.id}`)).toMatchObject({ status: 404, body: { code: 10007 } })
})

test('into a private thread that is not open to invitations only its owner and moderators bring people', async () => {
  const { call, emulator, guild, bot, channel, world } = await buildTown({}, {}, TEXT_BOT_PERMISSIONS & ~P.ManageThreads)
  const [bob, cleo] = [world.user('Bob'), world.user('Cleo')]
  for (const person of [bob, cleo]) guild.join(person)
  const owner = world.bot({ name: 'owner' })
  guild.addBot(owner, { permissions: TEXT_BOT_PERMISSIONS & ~P.ManageThreads })
  const asOwner = caller(emulator, owner)
  const { body } = await asOwner('POST', `/channels/${channel.id}/threads`, { name: 'closed', invitable: false })
  const members = `/channels/${text(body.id)}/thread-members`
  for (const { id } of [bot, bob]) expect((await asOwner('PUT', `${members}/${id}`)).status).toBe(204)
  expect(await call('PUT', `${members}/${cleo.id}`)).toMatchObject({ status: 403, body: { code: 50013 } })
})
