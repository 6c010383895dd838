import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { ALL_PERMISSIONS } from '../../src/rules/permissions.ts'
import { identified } from '../support/gateway.ts'
import { buildTown, codeOf } from '../support/town.ts'

async function town() {
  const built = await buildTown({ rateLimits: false }, { guildMembersIntent: true }, ALL_PERMISSIONS & ~P.Administrator)
  const ben = built.world.user('Ben')
  built.guild.join(ben)
  return { ...built, ben }
}

test('who is timed out reads, and does nothing else until it ends', async () => {
  const { call, emulator, guild, channel, ben, alice } = await town()
  const message = alice.send(channel.id, 'hello')
  const until = new Date(emulator.clock.now() + 60_000).toISOString()
  const path = `/guilds/${guild.id}/members/${ben.id}`
  expect((await call('PATCH', path, { communication_disabled_until: until })).status).toBe(200)
  expect(codeOf(() => ben.send(channel.id, 'x'))).toBe(50013)
  expect(codeOf(() => ben.react(channel.id, message.id, '👍'))).toBe(50013)
  expect(ben.messages(channel.id)).toHaveLength(1)
  emulator.clock.advance(60_001)
  expect(ben.send(channel.id, 'back').content).toBe('back')
})

test('slow mode holds people back, but neither bots nor moderators', async () => {
  const { call, emulator, guild, channel, ben, alice } = await town()
  await call('PATCH', `/channels/${channel.id}`, { rate_limit_per_user: 30 })
  const write = () => codeOf(() => ben.send(channel.id, 'x'))
  expect([write(), write()]).toEqual([undefined, 20016])
  emulator.clock.advance(30_001)
  expect(write()).toBeUndefined()
  for (const text of ['a', 'b']) {
    expect(alice.send(channel.id, text).content).toBe(text)
    expect((await call('POST', `/channels/${channel.id}/messages`, { content: text })).status).toBe(200)
  }
  guild.setRoles(ben.id, [guild.role({ name: 'steady', permissions: P.BypassSlowmode }).id])
  expect(write()).toBeUndefined()
})

test('who leaves the guild leaves its threads', async () => {
  const { emulator, world, guild, channel, ben, alice, bot } = await town()
  const thread = alice.startThread(channel.id, 'plans')
  ben.joinThread(thread.id)
  const { client } = await identified(emulator, bot, 1 | 2)
  guild.leave(ben.id)
  const { d } = await client.event('THREAD_MEMBERS_UPDATE')
  expect(d).toMatchObject({ id: thread.id, removed_member_ids: [ben.id] })
  guild.archiveThread(thread.id)
  expect(codeOf(() => alice.joinThread(thread.id))).toBe(50083)
  expect(world.threads(channel.id)).toHaveLength(1)
})

test('the channels of a category that goes stay', async () => {
  const { api, call, guild, world } = await town()
  const category = await api.guilds.createChannel(guild.id, { name: 'Folder', type: 4 as never })
  const inside = await api.guilds.createChannel(guild.id, { name: 'inside', parent_id: category.id })
  await call('DELETE', `/channels/${category.id}`)
  expect(world.channel(inside.id)).toMatchObject({ name: 'inside', parent_id: null })
})
