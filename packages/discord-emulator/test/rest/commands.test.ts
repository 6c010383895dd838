import { expect, test } from 'vitest'
import { buildTown } from '../support/town.ts'

const ask = {
  name: 'ask',
  description: 'Ask something',
  options: [{ type: 3, name: 'text', description: 'What', required: true }],
}

test('a bulk overwrite replaces the guild’s commands and keeps the ids of those that stay', async () => {
  const { api, bot, guild } = await buildTown()
  const put = (...commands: (typeof ask)[]) =>
    api.applicationCommands.bulkOverwriteGuildCommands(bot.applicationId, guild.id, commands)
  const [first] = await put(ask)
  expect(first).toMatchObject({ name: 'ask', type: 1, application_id: bot.applicationId, guild_id: guild.id })
  const again = await put({ ...ask, description: 'Ask' }, { ...ask, name: 'tell' })
  expect(again.map(({ name }) => name)).toEqual(['ask', 'tell'])
  expect(again[0]?.id).toBe(first?.id)
  expect(again[0]?.version).not.toBe(first?.version)
  expect(await api.applicationCommands.getGuildCommands(bot.applicationId, guild.id)).toEqual(again)
  expect(await api.applicationCommands.getGlobalCommands(bot.applicationId)).toEqual([])
})

test('global commands are their own set', async () => {
  const { api, bot, guild } = await buildTown()
  await api.applicationCommands.bulkOverwriteGlobalCommands(bot.applicationId, [ask])
  expect(await api.applicationCommands.getGlobalCommands(bot.applicationId)).toMatchObject([{ name: 'ask' }])
  expect(await api.applicationCommands.getGuildCommands(bot.applicationId, guild.id)).toEqual([])
})

test.each([
  ['a name in capitals', [{ ...ask, name: 'Ask' }]],
  ['a name with a space', [{ ...ask, name: 'ask me' }]],
  ['no description', [{ name: 'ask' }]],
  ['a long description', [{ ...ask, description: 'd'.repeat(101) }]],
  ['the same name twice', [ask, ask]],
  ['26 options', [{ ...ask, options: Array.from({ length: 26 }, (_, n) => ({ type: 3, name: `o${n}`, description: 'd' })) }]],
  [
    'a required option after an optional one',
    [
      {
        ...ask,
        options: [
          { type: 3, name: 'a', description: 'd' },
          { type: 3, name: 'b', description: 'd', required: true },
        ],
      },
    ],
  ],
])('%s is refused', async (_what, commands) => {
  const { call, bot, guild } = await buildTown()
  const answer = await call('PUT', `/applications/${bot.applicationId}/guilds/${guild.id}/commands`, commands)
  expect(answer).toMatchObject({ status: 400, body: { code: 50035 } })
})

test('a hundred commands are the most', async () => {
  const { call, bot, guild } = await buildTown()
  const commands = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `c${n}`, description: 'd' }))
  const path = `/applications/${bot.applicationId}/guilds/${guild.id}/commands`
  expect((await call('PUT', path, commands(100))).status).toBe(200)
  expect(await call('PUT', path, commands(101))).toMatchObject({ status: 400, body: { code: 30032 } })
})

test('another application’s commands are not ours', async () => {
  const { call, world, guild } = await buildTown()
  const other = world.bot({ name: 'other' })
  const path = `/applications/${other.applicationId}/guilds/${guild.id}/commands`
  expect(await call('GET', path)).toMatchObject({ status: 403, body: { code: 20012 } })
  expect(await call('GET', '/applications/1/commands')).toMatchObject({ status: 404, body: { code: 10002 } })
})
