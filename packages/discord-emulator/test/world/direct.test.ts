import { GatewayIntentBits as I } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { identified } from '../support/gateway.ts'
import { buildTown, caller, codeOf, text } from '../support/town.ts'

test('a person and a bot write to each other; the bot reads without MESSAGE_CONTENT', async () => {
  const { alice, bot, emulator, call, world } = await buildTown()
  const { client } = await identified(emulator, bot, I.Guilds | I.DirectMessages)
  const channel = alice.dm(bot)
  expect(channel).toMatchObject({ type: 1, recipients: [{ id: bot.id }] })
  alice.send(channel.id, 'hello')
  const { d } = await client.event('MESSAGE_CREATE')
  expect(d).toMatchObject({ content: 'hello', channel_id: channel.id, channel_type: 1 })
  expect(d).not.toHaveProperty('guild_id')
  const opened = await call('POST', '/users/@me/channels', { recipient_id: alice.id })
  expect(opened.body).toMatchObject({ id: channel.id, recipients: [{ id: alice.id }] })
  expect((await call('POST', `/channels/${channel.id}/messages`, { content: 'hi' })).status).toBe(200)
  expect((await call('GET', `/channels/${channel.id}`)).body).toMatchObject({ type: 1 })
  expect(world.messages(channel.id).map(({ content }) => content)).toEqual(['hello', 'hi'])
})

test('without DIRECT_MESSAGES, and for other bots, there is nothing to hear', async () => {
  const { alice, bot, emulator, world, guild } = await buildTown()
  const other = world.bot({ name: 'other' })
  guild.addBot(other)
  const deaf = (await identified(emulator, bot, I.Guilds | I.GuildMessages)).client
  const stranger = (await identified(emulator, other, I.Guilds | I.DirectMessages)).client
  const channel = alice.dm(bot)
  alice.send(channel.id, 'secret')
  for (const client of [deaf, stranger]) {
    client.send(1, null)
    await client.next(({ op }) => op === 11)
    expect(client.received.some(({ t }) => t === 'MESSAGE_CREATE')).toBe(false)
  }
  expect((await caller(emulator, other)('GET', `/channels/${channel.id}`)).body).toMatchObject({ code: 50001 })
})

test('those who share no guild cannot write to each other', async () => {
  const { world, bot, call } = await buildTown()
  const eve = world.user('Eve')
  expect(codeOf(() => eve.dm(bot))).toBe(50007)
  expect((await call('POST', '/users/@me/channels', { recipient_id: eve.id })).body).toMatchObject({ code: 50007 })
})

test('global commands work in direct messages, with the user instead of a member', async () => {
  const { alice, bot, emulator, call } = await buildTown()
  const { client } = await identified(emulator, bot)
  await call('PUT', `/applications/${bot.applicationId}/commands`, [{ name: 'hello', description: 'd' }])
  const channel = alice.dm(bot)
  const use = alice.command(channel.id, 'hello')
  const { d } = await client.event('INTERACTION_CREATE')
  expect(d).toMatchObject({ id: use.id, context: 1, user: { id: alice.id } })
  expect(d).not.toHaveProperty('member')
  await call('POST', `/interactions/${use.id}/${text(d.token)}/callback`, { type: 4, data: { content: 'hi' } })
  expect(use.response).toMatchObject({ content: 'hi' })
})

test('several bots, guilds and people do not mix', async () => {
  const { alice, bot, emulator, world, channel } = await buildTown()
  const bob = world.user('Bob')
  const second = world.guild({ name: 'Second', owner: bob })
  const room = second.textChannel('room')
  const other = world.bot({ name: 'other' })
  second.addBot(other)
  const [one, two] = [(await identified(emulator, bot)).client, (await identified(emulator, other)).client]
  alice.send(channel.id, 'in town')
  bob.send(room.id, 'in second')
  expect((await one.event('MESSAGE_CREATE')).d).toMatchObject({ content: 'in town' })
  expect((await two.event('MESSAGE_CREATE')).d).toMatchObject({ content: 'in second' })
  expect(codeOf(() => alice.send(room.id, 'x'))).toBe(50001)
})
