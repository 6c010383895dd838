import { expect, test } from 'vitest'
import { buildTown } from '../../support/town.ts'

test('a guild shows its roles, its owner and its members', async () => {
  const { api, alice, guild, bot } = await buildTown({}, { guildMembersIntent: true })
  const role = guild.role({ name: 'Maker', permissions: 8n })
  guild.setRoles(alice.id, [role.id])
  const shown = await api.guilds.get(guild.id, { with_counts: true })
  expect(shown).toMatchObject({ id: guild.id, owner_id: alice.id, approximate_member_count: 2 })
  expect(shown.roles.map(({ name }) => name)).toEqual(['@everyone', 'helper', 'Maker'])
  expect(await api.guilds.getRoles(guild.id)).toEqual(shown.roles)
  expect(await api.guilds.getMember(guild.id, alice.id)).toMatchObject({ user: { id: alice.id }, roles: [role.id] })
  const members = await api.guilds.getMembers(guild.id, { limit: 10 })
  expect(members.map(({ user }) => user.id)).toEqual([alice.id, bot.id])
  const rest = await api.guilds.getMembers(guild.id, { limit: 10, after: alice.id })
  expect(rest.map(({ user }) => user.id)).toEqual([bot.id])
})

test('the member list needs the privileged intent', async () => {
  const { call, guild } = await buildTown()
  expect(await call('GET', `/guilds/${guild.id}/members`)).toMatchObject({ status: 403, body: { code: 50001 } })
})

test('members are found by the beginning of a name, and need no intent', async () => {
  const { call, alice, guild } = await buildTown()
  const found = await call('GET', `/guilds/${guild.id}/members/search?query=ALI&limit=20`)
  expect(found).toMatchObject({ status: 200, body: [{ user: { id: alice.id } }] })
  expect(await call('GET', `/guilds/${guild.id}/members/search?query=lice`)).toMatchObject({ status: 200, body: [] })
  expect(await call('GET', `/guilds/${guild.id}/members/search`)).toMatchObject({ status: 400, body: { code: 50035 } })
})

test('strangers are unknown members, nobody is an unknown user', async () => {
  const { call, world, guild } = await buildTown()
  const stranger = world.user('Stranger')
  expect(await call('GET', `/guilds/${guild.id}/members/${stranger.id}`)).toMatchObject({ status: 404, body: { code: 10007 } })
  expect(await call('GET', `/guilds/${guild.id}/members/1`)).toMatchObject({ status: 404, body: { code: 10013 } })
})

test('a guild without the bot is closed to it', async () => {
  const { call, world, api } = await buildTown()
  const owner = world.user('Zoe')
  const other = world.guild({ name: 'Elsewhere', owner })
  const room = other.textChannel('room')
  expect(await call('GET', `/guilds/${other.id}`)).toMatchObject({ status: 404, body: { code: 10004 } })
  for (const path of [`/guilds/${other.id}/channels`, `/channels/${room.id}`, `/channels/${room.id}/messages`]) {
    expect(await call('GET', path)).toMatchObject({ status: 403, body: { code: 50001 } })
  }
  expect((await api.users.getGuilds()).map(({ name }) => name)).toEqual(['Town'])
})

test('the bot knows itself and its application', async () => {
  const { api, bot, call } = await buildTown()
  expect(await api.users.getCurrent()).toMatchObject({ id: bot.id, bot: true, username: 'helper' })
  const { body } = await call('GET', '/applications/@me')
  expect(body).toMatchObject({ id: bot.applicationId, name: 'helper', flags: 1 << 19 })
  expect((await call('GET', '/oauth2/applications/@me')).body).toEqual(body)
})
