import { GatewayIntentBits as I, PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { identified, TEXT_INTENTS, type RawClient } from '../support/gateway.ts'
import { buildTown, text } from '../support/town.ts'

/** Events after GUILD_CREATE, up to a last one that is always admitted. */
async function heard(client: RawClient, finish: () => void): Promise<readonly string[]> {
  finish()
  await client.next(({ t, d }) => t === 'CHANNEL_CREATE' && text(d.name) === 'the-end')
  return client.received.flatMap(({ t }) => (t === null || t === 'READY' || t === 'GUILD_CREATE' ? [] : [t])).slice(0, -1)
}

test('a message carries its guild, its channel type and its author as a member', async () => {
  const { emulator, bot, alice, guild, channel } = await buildTown()
  const role = guild.role({ name: 'Maker' })
  guild.setRoles(alice.id, [role.id])
  const { client } = await identified(emulator, bot)
  const message = alice.send(channel.id, `hello <@${bot.id}>`)
  const { d } = await client.event('MESSAGE_CREATE')
  expect(d).toMatchObject({
    id: message.id,
    content: `hello <@${bot.id}>`,
    guild_id: guild.id,
    channel_type: 0,
    author: { id: alice.id },
    member: { roles: [role.id] },
    mentions: [{ id: bot.id, member: { roles: expect.any(Array) } }],
  })
  expect(d.member).not.toHaveProperty('user')
})

test('an action has reached the socket and the journal when it returns', async () => {
  const { emulator, bot, alice, channel } = await buildTown()
  await identified(emulator, bot)
  const before = emulator.journal.entries.length
  alice.send(channel.id, 'now')
  expect(emulator.journal.entries.slice(before)).toMatchObject([
    { kind: 'message', action: 'create', by: 'person', content: 'now', authorId: alice.id, parentId: undefined },
    { kind: 'dispatch', event: 'MESSAGE_CREATE', botId: bot.id, replayed: false },
  ])
})

test('the life of a thread', async () => {
  const { emulator, bot, alice, guild, channel } = await buildTown()
  const { client } = await identified(emulator, bot, TEXT_INTENTS)
  const message = alice.send(channel.id, 'task')
  const thread = alice.startThread(channel.id, 'Task', message.id)
  alice.send(thread.id, 'more')
  guild.rename(thread.id, 'Renamed')
  guild.archiveThread(thread.id)
  alice.send(thread.id, 'wake up')
  guild.deleteChannel(thread.id)
  const events = await heard(client, () => guild.textChannel('the-end'))
  expect(events).toEqual([
    'MESSAGE_CREATE',
    'THREAD_CREATE',
    'MESSAGE_UPDATE',
    'MESSAGE_CREATE',
    'MESSAGE_CREATE',
    'THREAD_UPDATE',
    'MESSAGE_CREATE',
    'THREAD_UPDATE',
    'THREAD_UPDATE',
    'MESSAGE_CREATE',
    'THREAD_DELETE',
  ])
  expect((await client.event('THREAD_CREATE')).d).toMatchObject({ id: message.id, newly_created: true, parent_id: channel.id })
  expect((await client.event('MESSAGE_UPDATE')).d).toMatchObject({ id: message.id, flags: 32, thread: { id: thread.id } })
  expect((await client.event('THREAD_DELETE')).d).toEqual({ id: thread.id, guild_id: guild.id, parent_id: channel.id, type: 11 })
})

test('intents let events through, and nothing else does', async () => {
  const { emulator, bot, alice, world, guild, channel } = await buildTown({ rateLimits: false }, { guildMembersIntent: true })
  const script = () => {
    const message = alice.send(channel.id, 'hi')
    alice.edit(channel.id, message.id, 'ho')
    alice.react(channel.id, message.id, '👍')
    alice.unreact(channel.id, message.id, '👍')
    alice.type(channel.id)
    alice.delete(channel.id, message.id)
    const bob = world.user('Bob')
    guild.join(bob)
    guild.setRoles(bob.id, [])
    guild.leave(bob.id)
    guild.setRoles(bot.id, [guild.role({ name: 'Extra' }).id])
    guild.setRolePermissions(guild.id, P.ViewChannel | P.SendMessages)
  }
  const hear = async (intents: number) => {
    const { client } = await identified(emulator, bot, intents | I.Guilds)
    script()
    const events = await heard(client, () => guild.textChannel('the-end'))
    client.close(1000)
    return events
  }
  const guilds = ['GUILD_ROLE_CREATE', 'GUILD_MEMBER_UPDATE', 'GUILD_ROLE_UPDATE']
  expect(await hear(0)).toEqual(guilds)
  expect(await hear(I.GuildMessages)).toEqual(['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', ...guilds])
  const reactions = ['MESSAGE_REACTION_ADD', 'MESSAGE_REACTION_REMOVE']
  expect(await hear(I.GuildMessageReactions)).toEqual([...reactions, ...guilds])
  expect(await hear(I.GuildMessageTyping)).toEqual(['TYPING_START', ...guilds])
  const members = ['GUILD_MEMBER_ADD', 'GUILD_MEMBER_UPDATE', 'GUILD_MEMBER_REMOVE']
  expect(await hear(I.GuildMembers)).toEqual([...members, ...guilds])
})

test('without MESSAGE_CONTENT messages are empty, except own ones and those that mention the bot', async () => {
  const { emulator, bot, alice, channel, call } = await buildTown({}, { messageContentIntent: false })
  const { client } = await identified(emulator, bot, I.Guilds | I.GuildMessages)
  const files = [{ name: 'a.txt', data: 'a' }]
  const secret = alice.send(channel.id, 'secret', { files })
  alice.send(channel.id, `<@${bot.id}> open`, { files })
  await call('POST', `/channels/${channel.id}/messages`, { content: 'own' })
  await client.next(({ d }) => d !== null && text(d.content) === 'own')
  const messages = client.received.filter(({ t }) => t === 'MESSAGE_CREATE').map(({ d }) => d)
  expect(messages).toMatchObject([
    { id: secret.id, content: '', attachments: [], embeds: [], components: [] },
    { content: `<@${bot.id}> open`, attachments: [{ filename: 'a.txt' }] },
    { content: 'own' },
  ])
  expect((await call('GET', `/channels/${channel.id}/messages/${secret.id}`)).body).toMatchObject({
    content: '',
    attachments: [],
  })
})

test('what the bot may not see is not told', async () => {
  const { emulator, bot, alice, guild, channel } = await buildTown({}, {}, 0n)
  const closed = guild.textChannel('closed')
  guild.setOverwrites(closed.id, [{ id: guild.id, type: 'role', deny: P.ViewChannel }])
  const { client } = await identified(emulator, bot)
  alice.send(closed.id, 'secret')
  alice.startThread(closed.id, 'Secret')
  alice.send(channel.id, 'open')
  expect((await client.event('MESSAGE_CREATE')).d).toMatchObject({ content: 'open' })
  expect(client.received.some(({ t }) => t === 'THREAD_CREATE')).toBe(false)
})

test('a bot hears when it joins a guild and when it is removed', async () => {
  const { emulator, world, alice } = await buildTown()
  const late = world.bot({ name: 'late' })
  const { client, ready } = await identified(emulator, late)
  expect(ready.d.guilds).toEqual([])
  const guild = world.guild({ name: 'Second', owner: alice })
  guild.addBot(late)
  expect((await client.event('GUILD_CREATE')).d).toMatchObject({ id: guild.id, name: 'Second' })
  guild.leave(late.id)
  expect((await client.event('GUILD_DELETE')).d).toEqual({ id: guild.id })
})

test('a bot that becomes a member of a thread is sent the thread', async () => {
  const { emulator, world, guild, channel, call } = await buildTown()
  const weak = world.bot({ name: 'weak' })
  guild.addBot(weak, { permissions: 0n })
  const { client } = await identified(emulator, weak)
  const { body } = await call('POST', `/channels/${channel.id}/threads`, { name: 'quiet' })
  await call('POST', `/channels/${text(body.id)}/messages`, { content: `<@${weak.id}> come in` })
  const created = await client.event('THREAD_CREATE')
  expect(created.d).toMatchObject({ id: text(body.id), type: 12, member: { user_id: weak.id } })
  expect(created.d).not.toHaveProperty('newly_created')
  expect((await client.event('MESSAGE_CREATE')).d).toMatchObject({ content: `<@${weak.id}> come in` })
})

test('a bot hears of its own thread membership, of others’ only with GUILD_MEMBERS', async () => {
  const { emulator, bot, alice, channel, api } = await buildTown()
  const { client } = await identified(emulator, bot)
  const thread = alice.startThread(channel.id, 'Task')
  await api.threads.join(thread.id)
  expect((await client.event('THREAD_MEMBERS_UPDATE')).d).toMatchObject({ id: thread.id, added_members: [{ user_id: bot.id }] })
  await api.threads.leave(thread.id)
  const left = await client.next(({ t, d }) => t === 'THREAD_MEMBERS_UPDATE' && text(d.removed_member_ids).includes(bot.id))
  expect(left.d).toMatchObject({ added_members: [], member_count: 1 })
})
