import { expect, test } from 'vitest'
import type { Desk } from '../support/desk.ts'
import { buildDesk, EPHEMERAL } from '../support/desk.ts'
import { codeOf, text } from '../support/town.ts'

const row = (...components: readonly object[]) => ({ type: 1, components })
const go = { type: 2, style: 1, label: 'Go', custom_id: 'go' }
const pick = {
  type: 3,
  custom_id: 'pick',
  max_values: 2,
  options: ['a', 'b', 'c'].map((value) => ({ label: value, value })),
}

async function post({ call, channel }: Desk, ...components: readonly object[]): Promise<string> {
  const { body } = await call('POST', `/channels/${channel.id}/messages`, { content: 'choose', components })
  return text(body.id)
}

test('a press reaches the bot with the message; an update changes it', async () => {
  const desk = await buildDesk()
  const { alice, channel, received, respond, world } = desk
  const id = await post(desk, row(go))
  const press = alice.press(channel.id, id, 'go')
  expect(await received(press)).toMatchObject({
    type: 3,
    message: { id, content: 'choose' },
    data: { custom_id: 'go', component_type: 2 },
  })
  expect((await respond(press, { type: 7, data: { content: 'gone', components: [] } })).status).toBe(204)
  expect(world.messages(channel.id)).toMatchObject([{ id, content: 'gone', components: [] }])
  expect(codeOf(() => alice.press(channel.id, id, 'go'))).toBe(50035)
})

test('a deferred update edits the message later; a message replies to it', async () => {
  const desk = await buildDesk()
  const { alice, channel, respond, webhook, world } = desk
  const id = await post(desk, row(go))
  const quiet = alice.press(channel.id, id, 'go')
  await respond(quiet, { type: 6 })
  await webhook(quiet, 'PATCH', '/messages/@original', { content: 'later' })
  expect(world.messages(channel.id)).toMatchObject([{ id, content: 'later' }])
  const loud = alice.press(channel.id, id, 'go')
  await respond(loud, { type: 4, data: { content: 'pressed' } })
  expect(loud.response).toMatchObject({
    type: 19,
    message_reference: { message_id: id },
    interaction_metadata: { type: 3, interacted_message_id: id },
  })
})

test('buttons of ephemeral messages work for their person alone', async () => {
  const desk = await buildDesk()
  const { alice, channel, guild, world, declare, respond } = desk
  const bob = world.user('Bob')
  guild.join(bob)
  await declare({ name: 'menu', description: 'd' })
  const menu = alice.command(channel.id, 'menu')
  await respond(menu, { type: 4, data: { content: 'only you', flags: EPHEMERAL, components: [row(go)] } })
  const id = menu.response?.id ?? ''
  expect(codeOf(() => bob.press(channel.id, id, 'go'))).toBe(10008)
  await respond(alice.press(channel.id, id, 'go'), { type: 7, data: { content: 'done', components: [] } })
  expect(menu.response).toMatchObject({ content: 'done', flags: EPHEMERAL })
})

test('a select takes what it offers, as often as it says', async () => {
  const desk = await buildDesk()
  const { alice, channel, received } = desk
  const id = await post(desk, row(pick))
  expect(await received(alice.select(channel.id, id, 'pick', ['a', 'c']))).toMatchObject({
    data: { component_type: 3, values: ['a', 'c'] },
  })
  expect(codeOf(() => alice.select(channel.id, id, 'pick', []))).toBe(50035)
  expect(codeOf(() => alice.select(channel.id, id, 'pick', ['a', 'b', 'c']))).toBe(50035)
  expect(codeOf(() => alice.select(channel.id, id, 'pick', ['z']))).toBe(50035)
})

test('selects of users, roles, mentionables and channels resolve what was chosen', async () => {
  const desk = await buildDesk()
  const { alice, channel, guild, bot, received } = desk
  const role = guild.role({ name: 'crew' })
  const id = await post(
    desk,
    row({ type: 5, custom_id: 'user' }),
    row({ type: 6, custom_id: 'role' }),
    row({ type: 7, custom_id: 'any', max_values: 2 }),
    row({ type: 8, custom_id: 'channel' }),
  )
  const resolved = async (customId: string, values: readonly string[]) =>
    (await received(alice.select(channel.id, id, customId, values))).data?.resolved
  expect(await resolved('user', [bot.id])).toMatchObject({ users: { [bot.id]: {} }, members: { [bot.id]: {} } })
  expect(await resolved('role', [role.id])).toMatchObject({ roles: { [role.id]: { name: 'crew' } } })
  expect(Object.keys((await resolved('any', [role.id, alice.id])) ?? {}).sort()).toEqual(['members', 'roles', 'users'])
  expect(await resolved('channel', [channel.id])).toMatchObject({ channels: { [channel.id]: { name: 'general' } } })
})

test('disabled buttons and messages of archived threads take no press', async () => {
  const desk = await buildDesk()
  const { alice, channel, guild, call } = desk
  const id = await post(desk, row({ ...go, disabled: true }))
  expect(codeOf(() => alice.press(channel.id, id, 'go'))).toBe(50035)
  const thread = alice.startThread(channel.id, 'Task')
  const inside = await call('POST', `/channels/${thread.id}/messages`, { content: 'x', components: [row(go)] })
  guild.archiveThread(thread.id)
  expect(codeOf(() => alice.press(thread.id, text(inside.body.id), 'go'))).toBe(50083)
})
