import { GatewayIntentBits as I } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { identified, TEXT_INTENTS } from '../support/gateway.ts'
import { buildTown } from '../support/town.ts'

async function asking(intents: number = TEXT_INTENTS | I.GuildMembers) {
  const town = await buildTown({}, { guildMembersIntent: true })
  const people = ['Bea', 'Ben', 'Cleo'].map((name) => town.world.user(name))
  for (const person of people) town.guild.join(person)
  const { client } = await identified(town.emulator, town.bot, intents)
  const ask = (wish: object) => client.send(8, { guild_id: town.guild.id, ...wish })
  const chunk = async (nonce: string) => {
    const { d } = await client.next(({ t, d }) => t === 'GUILD_MEMBERS_CHUNK' && JSON.stringify(d).includes(`"nonce":"${nonce}"`))
    return d as unknown as { readonly members: readonly { readonly user: { readonly username: string } }[] }
  }
  const names = async (nonce: string) => (await chunk(nonce)).members.map(({ user }) => user.username).sort()
  return { ...town, people, client, ask, chunk, names }
}

test('all members, those with a prefix, and those with ids', async () => {
  const { ask, names, chunk, people } = await asking()
  ask({ query: '', limit: 0, nonce: 'all' })
  expect(await names('all')).toEqual(['alice', 'bea', 'ben', 'cleo', 'helper'])
  expect(await chunk('all')).toMatchObject({ chunk_index: 0, chunk_count: 1 })
  ask({ query: 'be', limit: 10, nonce: 'be' })
  expect(await names('be')).toEqual(['bea', 'ben'])
  ask({ query: 'be', limit: 1, nonce: 'one' })
  expect(await names('one')).toHaveLength(1)
  ask({ user_ids: [people[2]?.id, '1'], nonce: 'ids' })
  expect(await names('ids')).toEqual(['cleo'])
  expect(await chunk('ids')).toMatchObject({ not_found: ['1'] })
})

test('more than a thousand come in chunks', async () => {
  const { ask, client, guild, world } = await asking()
  for (let index = 0; index < 1000; index += 1) guild.join(world.user(`person ${index}`))
  ask({ query: '', limit: 0 })
  const { d } = await client.next(({ t, d }) => t === 'GUILD_MEMBERS_CHUNK' && Number(d.chunk_index) === 1)
  expect(d).toMatchObject({ chunk_count: 2, members: { length: 5 } })
})

test('the whole list is given once in 30 s, and needs its intent', async () => {
  const { ask, client, chunk, emulator, guild } = await asking()
  ask({ query: '', limit: 0, nonce: 'first' })
  ask({ query: '', limit: 0, nonce: 'second' })
  expect((await client.event('RATE_LIMITED')).d).toMatchObject({ opcode: 8, meta: { guild_id: guild.id, nonce: 'second' } })
  emulator.clock.advance(30_001)
  ask({ query: '', limit: 0, nonce: 'third' })
  await chunk('third')
  const blind = await asking(TEXT_INTENTS)
  blind.ask({ query: '', limit: 0, nonce: 'none' })
  blind.ask({ query: 'al', limit: 1, nonce: 'some' })
  expect(await blind.names('some')).toEqual(['alice'])
  expect(blind.client.received.filter(({ t }) => t === 'GUILD_MEMBERS_CHUNK')).toHaveLength(1)
})

test('a request that names no guild, or nobody, closes with 4002', async () => {
  for (const wish of [{ guild_id: 5, query: '' }, { limit: 5 }]) {
    const { ask, client } = await asking()
    ask(wish)
    expect(await client.closed).toBe(4002)
  }
})
