import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { TEXT_BOT_PERMISSIONS } from '../../../src/rules/permissions.ts'
import { identified, TEXT_INTENTS } from '../../support/gateway.ts'
import { buildTown, codeOf, text } from '../../support/town.ts'

const MODERATOR = TEXT_BOT_PERMISSIONS | P.ManageRoles | P.ManageNicknames | P.KickMembers | P.ModerateMembers

test('a bot makes, changes, gives, takes and deletes roles', async () => {
  const { call, guild, alice, bot, emulator } = await buildTown({}, {}, MODERATOR)
  const { client } = await identified(emulator, bot, TEXT_INTENTS)
  const roles = `/guilds/${guild.id}/roles`
  const { body } = await call('POST', roles, { name: 'crew', permissions: String(P.SendMessages), color: 255 })
  expect(body).toMatchObject({ name: 'crew', permissions: String(P.SendMessages), color: 255, position: 1, managed: false })
  const id = text(body.id)
  expect((await call('PATCH', `${roles}/${id}`, { name: 'team' })).body).toMatchObject({ name: 'team' })
  const held = `/guilds/${guild.id}/members/${alice.id}/roles/${id}`
  expect((await call('PUT', held)).status).toBe(204)
  expect((await call('GET', `/guilds/${guild.id}/members/${alice.id}`)).body.roles).toEqual([id])
  expect((await call('DELETE', held)).status).toBe(204)
  expect((await call('DELETE', `${roles}/${id}`)).status).toBe(204)
  expect(await call('GET', `${roles}/${id}`)).toMatchObject({ status: 404, body: { code: 10011 } })
  await client.event('GUILD_ROLE_DELETE')
  expect(client.received.filter(({ t }) => t?.startsWith('GUILD_ROLE')).map(({ t }) => t)).toEqual([
    'GUILD_ROLE_CREATE',
    'GUILD_ROLE_UPDATE',
    'GUILD_ROLE_DELETE',
  ])
})

test('rank decides: no role above one’s own, no permission one lacks, no managed role', async () => {
  const { call, guild, alice, world, bot } = await buildTown({}, {}, MODERATOR)
  const roles = `/guilds/${guild.id}/roles`
  expect(await call('POST', roles, { permissions: String(P.BanMembers) })).toMatchObject({ status: 403, body: { code: 50013 } })
  const other = world.bot({ name: 'other' })
  guild.addBot(other, { permissions: P.ViewChannel })
  const list = (await call('GET', roles)).body as unknown as readonly { readonly id: string; readonly name: string }[]
  const managed = (name: string) => list.find((role) => role.name === name)?.id ?? ''
  const give = (id: string) => call('PUT', `/guilds/${guild.id}/members/${alice.id}/roles/${id}`)
  expect((await give(managed('other'))).body).toMatchObject({ code: 50028 })
  expect((await give(managed(bot.name))).body).toMatchObject({ code: 50013 })
})

test('without MANAGE_ROLES there is none of it', async () => {
  const { call, guild, alice } = await buildTown()
  const role = guild.role({ name: 'crew' })
  expect((await call('POST', `/guilds/${guild.id}/roles`, {})).body).toMatchObject({ code: 50013 })
  expect((await call('PUT', `/guilds/${guild.id}/members/${alice.id}/roles/${role.id}`)).body).toMatchObject({ code: 50013 })
})

test('members get nicknames, roles at once and time-outs, and are removed', async () => {
  const { call, guild, world } = await buildTown({}, {}, MODERATOR)
  const bob = world.user('Bob')
  guild.join(bob)
  const crew = guild.role({ name: 'crew' })
  const one = `/guilds/${guild.id}/members/${bob.id}`
  const until = '2030-01-01T00:00:00.000000+00:00'
  const changed = await call('PATCH', one, { nick: 'Bobby', roles: [crew.id], communication_disabled_until: until })
  expect(changed.body).toMatchObject({ nick: 'Bobby', roles: [crew.id], communication_disabled_until: until })
  expect((await call('PATCH', `/guilds/${guild.id}/members/@me`, { nick: 'me' })).body).toMatchObject({ nick: 'me' })
  expect((await call('DELETE', one)).status).toBe(204)
  expect((await call('GET', one)).body).toMatchObject({ code: 10007 })
})

test('nobody touches the owner', async () => {
  const { call, guild, alice } = await buildTown({}, {}, MODERATOR)
  expect((await call('PATCH', `/guilds/${guild.id}/members/${alice.id}`, { nick: 'x' })).body).toMatchObject({ code: 50013 })
  expect((await call('DELETE', `/guilds/${guild.id}/members/${alice.id}`)).body).toMatchObject({ code: 50013 })
})

test('overwrites are set and taken away, and hold', async () => {
  const { call, guild, channel, world } = await buildTown({}, {}, MODERATOR)
  const bob = world.user('Bob')
  guild.join(bob)
  const one = `/channels/${channel.id}/permissions/${bob.id}`
  expect((await call('PUT', one, { type: 1, deny: String(P.SendMessages) })).status).toBe(204)
  expect(codeOf(() => bob.send(channel.id, 'x'))).toBe(50013)
  expect((await call('PUT', one, { type: 1, allow: String(P.BanMembers) })).body).toMatchObject({ code: 50013 })
  expect((await call('PUT', one, { deny: '0' })).body).toMatchObject({ code: 50035 })
  expect((await call('DELETE', one)).status).toBe(204)
  expect(codeOf(() => bob.send(channel.id, 'x'))).toBeUndefined()
  expect((await call('DELETE', one)).body).toMatchObject({ code: 10009 })
})
