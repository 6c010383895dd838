import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { TEXT_BOT_PERMISSIONS } from '../../../src/rules/permissions.ts'
import { identified } from '../../support/gateway.ts'
import { buildTown, codeOf } from '../../support/town.ts'

const WEEKS = 14 * 86_400_000

test('a bulk delete removes 2 to 100 messages in one event', async () => {
  const { call, alice, channel, world, emulator, bot } = await buildTown()
  const { client } = await identified(emulator, bot)
  const ids = [1, 2, 3].map((n) => alice.send(channel.id, `m${n}`).id)
  const remove = (messages: readonly string[]) => call('POST', `/channels/${channel.id}/messages/bulk-delete`, { messages })
  expect((await remove(ids.slice(0, 1))).body).toMatchObject({ code: 50016 })
  expect((await remove([ids[0] ?? '', ids[0] ?? ''])).body).toMatchObject({ code: 50035 })
  expect((await remove([...ids.slice(0, 2), '1500000000000000000'])).status).toBe(400)
  expect((await remove(ids.slice(0, 2))).status).toBe(204)
  expect((await client.event('MESSAGE_DELETE_BULK')).d).toMatchObject({ ids: ids.slice(0, 2), channel_id: channel.id })
  expect(world.messages(channel.id).map(({ content }) => content)).toEqual(['m3'])
})

test('messages older than two weeks are not deleted in bulk', async () => {
  const { call, alice, channel, emulator } = await buildTown()
  const messages = [alice.send(channel.id, 'old').id, alice.send(channel.id, 'older').id]
  emulator.clock.advance(WEEKS + 1)
  expect((await call('POST', `/channels/${channel.id}/messages/bulk-delete`, { messages })).body).toMatchObject({ code: 50034 })
})

test('pins need PIN_MESSAGES, are listed last first and leave a notice', async () => {
  const without = await buildTown()
  const some = without.alice.send(without.channel.id, 'x')
  const refused = await without.call('PUT', `/channels/${without.channel.id}/messages/pins/${some.id}`)
  expect(refused).toMatchObject({ status: 403, body: { code: 50013 } })

  const { call, alice, channel, world, emulator, bot } = await buildTown({}, {}, TEXT_BOT_PERMISSIONS | P.PinMessages)
  const { client } = await identified(emulator, bot)
  const [first, second] = [alice.send(channel.id, 'first'), alice.send(channel.id, 'second')]
  const pins = `/channels/${channel.id}/messages/pins`
  expect((await call('PUT', `${pins}/${first.id}`)).status).toBe(204)
  emulator.clock.advance(10)
  alice.pin(channel.id, second.id)
  await client.event('CHANNEL_PINS_UPDATE')
  const listed = await call('GET', pins)
  expect(listed.body).toMatchObject({
    items: [{ message: { id: second.id, pinned: true } }, { message: { id: first.id } }],
    has_more: false,
  })
  expect((await call('GET', `${pins}?limit=1`)).body).toMatchObject({ has_more: true })
  expect(world.messages(channel.id).map(({ type }) => type)).toEqual([0, 0, 6, 6])
  expect((await call('DELETE', `${pins}/${first.id}`)).status).toBe(204)
  expect((await call('GET', `/channels/${channel.id}/pins`)).body).toHaveLength(1)
})

test('a voice message has length and waveform, cannot be edited and needs its permission', async () => {
  const { alice, channel, guild, world } = await buildTown()
  const sent = alice.sendVoice(channel.id, { data: 'ogg', durationSeconds: 3.5, waveform: 'AAECAw==' })
  expect(sent).toMatchObject({ flags: 8192, attachments: [{ duration_secs: 3.5, waveform: 'AAECAw==' }] })
  expect(codeOf(() => alice.edit(channel.id, sent.id, 'x'))).toBe(50162)
  const long = Buffer.alloc(257).toString('base64')
  expect(codeOf(() => alice.sendVoice(channel.id, { data: 'ogg', durationSeconds: 1, waveform: long }))).toBe(50161)
  const bob = world.user('Bob')
  guild.join(bob)
  guild.setOverwrites(channel.id, [{ id: guild.id, type: 'role', deny: P.SendVoiceMessages }])
  expect(codeOf(() => bob.sendVoice(channel.id, { data: 'ogg', durationSeconds: 1 }))).toBe(50173)
})
