import { ChannelType, OverwriteType } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { buildTown } from '../../support/town.ts'

test('channels are created, listed, changed and deleted', async () => {
  const { api, world, guild, channel } = await buildTown()
  const made = await api.guilds.createChannel(guild.id, { name: 'My Project', topic: 'work', parent_id: null })
  expect(made).toMatchObject({ type: ChannelType.GuildText, name: 'my-project', topic: 'work', guild_id: guild.id })
  expect((await api.guilds.getChannels(guild.id)).map(({ id }) => id)).toEqual([channel.id, made.id])
  expect(await api.channels.edit(made.id, { name: 'other', topic: null })).toMatchObject({ name: 'other', topic: null })
  expect(await api.channels.get(made.id)).toMatchObject({ name: 'other' })
  await api.channels.delete(made.id)
  expect(world.channel(made.id)).toBeUndefined()
})

test('a channel needs a name and MANAGE_CHANNELS', async () => {
  const { call, guild } = await buildTown()
  const path = `/guilds/${guild.id}/channels`
  expect((await call('POST', path, {})).body).toMatchObject({
    code: 50035,
    message: 'Invalid Form Body',
    errors: { name: { _errors: [{ code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }] } },
  })
  const weak = await buildTown({}, {}, 0n)
  expect(await weak.call('POST', `/guilds/${weak.guild.id}/channels`, { name: 'x' })).toMatchObject({
    status: 403,
    body: { code: 50013 },
  })
  expect(await weak.call('PATCH', `/channels/${weak.channel.id}`, { name: 'x' })).toMatchObject({ body: { code: 50013 } })
  expect(await weak.call('DELETE', `/channels/${weak.channel.id}`)).toMatchObject({ body: { code: 50013 } })
})

test('overwrites are stored as given and count at once', async () => {
  const { api, guild, channel, call, alice } = await buildTown()
  const hidden = { id: guild.id, type: OverwriteType.Role, allow: '0', deny: '1024' } as const
  expect(await api.channels.edit(channel.id, { permission_overwrites: [hidden] })).toMatchObject({
    permission_overwrites: [hidden],
  })
  expect((await call('GET', `/channels/${channel.id}`)).body).toMatchObject({ code: 50001 })
  expect(alice.send(channel.id, 'the owner sees it').content).toBe('the owner sees it')
})

test('what is not there has its own code', async () => {
  const { call } = await buildTown()
  expect(await call('GET', '/channels/1')).toMatchObject({ status: 404, body: { code: 10003, message: 'Unknown Channel' } })
  expect(await call('GET', '/guilds/1')).toMatchObject({ status: 404, body: { code: 10004 } })
  expect(await call('GET', '/users/1')).toMatchObject({ status: 404, body: { code: 10013 } })
  expect((await call('GET', '/channels/general')).body).toMatchObject({
    code: 50035,
    errors: { channel_id: { _errors: [{ code: 'NUMBER_TYPE_COERCE', message: 'Value "general" is not snowflake.' }] } },
  })
})
