import { expect, test } from 'vitest'
import { buildTown, text } from '../../support/town.ts'

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

test('single commands are made, read, changed and deleted; a namesake is replaced', async () => {
  const { call, bot, guild } = await buildTown()
  const all = `/applications/${bot.applicationId}/guilds/${guild.id}/commands`
  const made = await call('POST', all, ask)
  expect(made).toMatchObject({ status: 201, body: { name: 'ask', type: 1 } })
  const one = `${all}/${text(made.body.id)}`
  expect((await call('PATCH', one, { description: 'Else' })).body).toMatchObject({ id: made.body.id, description: 'Else' })
  expect(await call('POST', all, ask)).toMatchObject({ status: 200, body: { id: made.body.id, description: 'Ask something' } })
  expect((await call('DELETE', one)).status).toBe(204)
  expect(await call('GET', one)).toMatchObject({ status: 404, body: { code: 10063 } })
  expect(await call('POST', all, { ...ask, name: 'NO' })).toMatchObject({ status: 400, body: { code: 50035 } })
})

test('two hundred creates a day are the most; those that stay do not count', async () => {
  const { call, bot, guild, emulator } = await buildTown({ rateLimits: false })
  const path = `/applications/${bot.applicationId}/guilds/${guild.id}/commands`
  const put = (from: number, count: number) =>
    call(
      'PUT',
      path,
      Array.from({ length: count }, (_, n) => ({ name: `c${from + n}`, description: 'd' })),
    )
  for (const from of [0, 100]) expect((await put(from, 100)).status).toBe(200)
  expect((await put(100, 99)).status).toBe(200)
  expect(await put(200, 1)).toMatchObject({ status: 400, body: { code: 30034 } })
  emulator.clock.advance(86_400_000)
  expect((await put(200, 1)).status).toBe(200)
})

const option = { type: 3, name: 'o', description: 'd' }

test.each([
  ['the same option twice', [option, option]],
  ['choices with autocomplete', [{ ...option, autocomplete: true, choices: [{ name: 'a', value: 'a' }] }]],
  ['a choice that is too long', [{ ...option, choices: [{ name: 'a', value: 'a'.repeat(101) }] }]],
  ['a group in a group', [{ ...option, type: 2, options: [{ ...option, type: 2, options: [] }] }]],
  ['an unknown type', [{ ...option, type: 12 }]],
])('options with %s are refused', async (_what, options) => {
  const { call, bot } = await buildTown()
  const answer = await call('POST', `/applications/${bot.applicationId}/commands`, { ...ask, options })
  expect(answer).toMatchObject({ status: 400, body: { code: 50035 } })
})

test('8000 characters of names, descriptions and values are the most', async () => {
  const { call, bot } = await buildTown()
  const choices = Array.from({ length: 25 }, (_, n) => ({ name: `${n}`.padEnd(100, 'x'), value: `${n}`.padEnd(100, 'x') }))
  // 39 choices of 200 characters, and a little more.
  const large = (description: string) => ({
    name: 'ask',
    description,
    options: [
      { ...option, choices },
      { ...option, name: 'p', choices: choices.slice(0, 14) },
    ],
  })
  expect((await call('POST', `/applications/${bot.applicationId}/commands`, large('d'.repeat(100)))).status).toBe(201)
  const more = { ...large('d'), options: [...large('d').options, { ...option, name: 'q', choices: choices.slice(0, 1) }] }
  const refused = await call('POST', `/applications/${bot.applicationId}/commands`, more)
  expect(refused).toMatchObject({ status: 400, body: { code: 50035 } })
  expect(JSON.stringify(refused.body)).toContain('APPLICATION_COMMAND_TOO_LARGE')
})

test('a body that is no list of commands leaves the set alone', async () => {
  const { call, bot } = await buildTown()
  const path = `/applications/${bot.applicationId}/commands`
  await call('PUT', path, [ask])
  for (const body of [{}, ['ask']]) expect(await call('PUT', path, body)).toMatchObject({ status: 400, body: { code: 50035 } })
  expect((await call('GET', path)).body).toMatchObject([{ name: 'ask' }])
})
