/** Discord asks for several shards: the gateway opens each, and a machine hears its servers on whichever they are. */
import { expect, test } from 'vitest'
import { isOnShard, shardOf } from '../../src/upstream/shard.ts'
import { connect, contentsOf, install, placeOf, register, textOf } from '../support/client.ts'
import { house } from '../support/house.ts'

const COUNT = 3

test('servers on several shards are heard, asked for their members, and resumed after a restart without a gap', async () => {
  const { emulator, origin, world, ada, workshop, general, start } = await house({ shards: COUNT })
  const guilds = [workshop, world.guild({ name: 'Second', owner: ada }), world.guild({ name: 'Third', owner: ada })]
  const channels = [general, ...guilds.slice(1).map((guild) => guild.textChannel('general'))]
  const before = await start()
  const client = await register(origin, 'laptop')
  for (const [at, guild] of guilds.entries())
    await install(at === 0 ? client : await register(origin, 'laptop', client), ada, guild.id)
  const line = await connect(origin, client.token)
  for (const guild of guilds) await line.next(({ t, d }) => t === 'GUILD_CREATE' && textOf(d['id']) === guild.id)
  for (const [at, channel] of channels.entries()) {
    ada.send(channel.id, `on ${at}`)
    await line.message(`on ${at}`)
  }
  for (const guild of guilds) {
    line.send(8, { guild_id: guild.id, user_ids: [ada.id], nonce: guild.id })
    await line.next(({ t, d }) => t === 'GUILD_MEMBERS_CHUNK' && d['nonce'] === (guild.id as never))
  }
  const identifies = () =>
    emulator.journal.entries.filter((entry) => entry.kind === 'gateway' && entry.what === 'identify').length
  await expect.poll(identifies).toBe(COUNT)

  await before.stop()
  for (const [at, channel] of channels.entries()) ada.send(channel.id, `away ${at}`)
  await start()
  const again = await connect(origin, client.token, placeOf([line]))
  for (const at of channels.keys()) await again.message(`away ${at}`)
  expect(contentsOf(again).filter((content) => content.startsWith('away'))).toHaveLength(channels.length)
  expect(identifies()).toBe(COUNT)
})

test('each server is on one shard', () => {
  const ids = Array.from({ length: 50 }, (_, at) => String((BigInt(at * 7919) << 22n) + 5n))
  for (const id of ids) {
    const on = [0, 1, 2].filter((index) => isOnShard(id, [index, COUNT]))
    expect(on).toEqual([shardOf(id, COUNT)])
  }
})
