import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { ask, buildDesk } from '../support/desk.ts'
import { codeOf, text } from '../support/town.ts'

test('a slash command reaches the bot with options, resolved data and permissions', async () => {
  const { alice, channel, guild, bot, world, declare, received } = await buildDesk()
  const bob = world.user('Bob')
  guild.join(bob)
  await declare(ask)
  const file = { name: 'a.txt', data: 'hello' }
  const question = await received(alice.command(channel.id, 'ask', { text: 'why', times: 2, who: bob.id, file }))
  expect(question).toMatchObject({
    application_id: bot.applicationId,
    type: 2,
    version: 1,
    guild_id: guild.id,
    channel_id: channel.id,
    context: 0,
    attachment_size_limit: 10_485_760,
    member: { user: { id: alice.id } },
    data: {
      name: 'ask',
      type: 1,
      guild_id: guild.id,
      options: [
        { name: 'text', type: 3, value: 'why' },
        { name: 'times', type: 4, value: 2 },
        { name: 'who', type: 6, value: bob.id },
        { name: 'file', type: 11 },
      ],
      resolved: { users: { [bob.id]: { username: 'bob' } } },
    },
  })
  expect(question.data?.resolved?.members?.[bob.id]).not.toHaveProperty('user')
  const attachment = question.data?.resolved?.attachments?.[text(question.data.options?.[3]?.value)]
  expect(await (await fetch(text(attachment?.url))).text()).toBe('hello')
  expect(BigInt(text(question.member?.permissions)) & P.Administrator).toBe(P.Administrator)
  expect(BigInt(text(question.app_permissions)) & P.Administrator).toBe(0n)
})

test('subcommands are named by their path', async () => {
  const { alice, channel, declare, received } = await buildDesk()
  const add = { type: 1, name: 'add', description: 'd', options: [{ type: 3, name: 'item', description: 'd' }] }
  await declare({ name: 'queue', description: 'd', options: [add, { type: 2, name: 'all', description: 'd', options: [add] }] })
  const plain = await received(alice.command(channel.id, 'queue add', { item: 'x' }))
  expect(plain.data?.options).toEqual([{ name: 'add', type: 1, options: [{ name: 'item', type: 3, value: 'x' }] }])
  const grouped = await received(alice.command(channel.id, 'queue all add'))
  expect(grouped.data?.options).toEqual([{ name: 'all', type: 2, options: [{ name: 'add', type: 1, options: [] }] }])
  expect(codeOf(() => alice.command(channel.id, 'queue'))).toBe(50035)
})

test("the client offers what the person may use, and a guild's own command instead of the global one of its name", async () => {
  const { alice, channel, guild, world, bot, call, declare } = await buildDesk()
  const bob = world.user('Bob')
  guild.join(bob)
  await declare({ name: 'ask', description: 'own' }, { name: 'rule', description: 'd', default_member_permissions: '0' })
  await call('PUT', `/applications/${bot.applicationId}/commands`, [
    { name: 'ask', description: 'global' },
    { name: 'tell', description: 'd' },
    { name: 'ask', type: 3 },
  ])
  const offered = (person: typeof bob) =>
    person.commands(channel.id).map(({ name, type, description }) => [name, type, description])
  expect(offered(alice)).toEqual([
    ['ask', 1, 'own'],
    ['rule', 1, 'd'],
    ['tell', 1, 'd'],
    ['ask', 3, ''],
  ])
  expect(offered(bob).map(([name]) => name)).toEqual(['ask', 'tell', 'ask'])
  guild.setRolePermissions(guild.id, P.ViewChannel)
  expect(offered(bob)).toEqual([])
})

test.each([
  ['a required option that is missing', {}],
  ['an option that does not exist', { text: 'x', other: 'y' }],
  ['a text that is too long', { text: 'x'.repeat(21) }],
  ['a number out of its bounds', { text: 'x', times: 6 }],
  ['a text for a number', { text: 'x', times: 'two' }],
])('%s does not leave the client', async (_what, options) => {
  const { alice, channel, declare } = await buildDesk()
  await declare(ask)
  expect(codeOf(() => alice.command(channel.id, 'ask', options))).toBe(50035)
})

test('commands for administrators, without the permission and in archived threads are refused', async () => {
  const { alice, channel, guild, world, declare } = await buildDesk()
  const bob = world.user('Bob')
  guild.join(bob)
  await declare({ name: 'admin', description: 'd', default_member_permissions: '0' }, { name: 'free', description: 'd' })
  expect(codeOf(() => bob.command(channel.id, 'admin'))).toBe(50013)
  expect(codeOf(() => alice.command(channel.id, 'admin'))).toBeUndefined()
  expect(codeOf(() => bob.command(channel.id, 'nothing'))).toBe(10063)
  guild.setOverwrites(channel.id, [{ id: guild.id, type: 'role', deny: P.UseApplicationCommands }])
  expect(codeOf(() => bob.command(channel.id, 'free'))).toBe(50013)
  const thread = alice.startThread(channel.id, 'Old')
  guild.archiveThread(thread.id)
  expect(codeOf(() => alice.command(thread.id, 'free'))).toBe(50083)
})

test('autocomplete offers choices, up to 25, and takes no message', async () => {
  const { alice, channel, declare, received, respond } = await buildDesk()
  await declare(ask)
  const typing = alice.autocomplete(channel.id, 'ask', { model: 'gp' }, 'model')
  expect(await received(typing)).toMatchObject({ type: 4, data: { options: [{ name: 'model', value: 'gp', focused: true }] } })
  expect((await respond(typing, { type: 4, data: { content: 'x' } })).body).toMatchObject({ code: 50035 })
  const choices = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `n${n}`, value: `v${n}` }))
  expect((await respond(typing, { type: 8, data: { choices: choices(26) } })).body).toMatchObject({ code: 50035 })
  expect((await respond(typing, { type: 8, data: { choices: choices(25) } })).status).toBe(204)
  expect(typing.choices).toHaveLength(25)
})

test('context menus name their target', async () => {
  const { alice, channel, bot, declare, received, respond } = await buildDesk()
  await declare({ name: 'Look up', type: 2 }, { name: 'Explain', type: 3 })
  const message = alice.send(channel.id, 'odd')
  const explain = alice.contextMenu(channel.id, 'Explain', message.id)
  expect(await received(explain)).toMatchObject({
    data: { type: 3, target_id: message.id, resolved: { messages: { [message.id]: { content: 'odd' } } } },
  })
  await respond(explain, { type: 4, data: { content: 'Because.' } })
  expect(explain.response).toMatchObject({ type: 23, interaction_metadata: { target_message_id: message.id } })
  expect(await received(alice.contextMenu(channel.id, 'Look up', bot.id))).toMatchObject({ data: { type: 2, target_id: bot.id } })
})
