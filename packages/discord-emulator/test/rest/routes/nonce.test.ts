import { expect, test } from 'vitest'
import { apiOf, buildTown, text } from '../../support/town.ts'

test('the same enforced nonce brings back the earlier message and creates none', async () => {
  const { api, world, channel } = await buildTown()
  const body = { content: 'once', nonce: 'n1', enforce_nonce: true }
  const first = await api.channels.createMessage(channel.id, body)
  const second = await api.channels.createMessage(channel.id, { ...body, content: 'twice' })
  expect(first.nonce).toBe('n1')
  expect(second).toEqual(first)
  expect(world.messages(channel.id).map(({ content }) => content)).toEqual(['once'])
})

test('without enforce_nonce the nonce is only repeated', async () => {
  const { api, world, channel } = await buildTown()
  const body = { content: 'again', nonce: 'n1' }
  await api.channels.createMessage(channel.id, body)
  await api.channels.createMessage(channel.id, body)
  expect(world.messages(channel.id)).toHaveLength(2)
})

test('a nonce belongs to its author', async () => {
  const { emulator, api, world, guild, channel } = await buildTown()
  const other = world.bot({ name: 'other' })
  guild.addBot(other)
  const body = { content: 'hello', nonce: 'n1', enforce_nonce: true }
  await api.channels.createMessage(channel.id, body)
  await apiOf(emulator, other).channels.createMessage(channel.id, body)
  expect(world.messages(channel.id)).toHaveLength(2)
})

test('a nonce is forgotten after its window', async () => {
  let clock = Date.now()
  const { api, world, channel } = await buildTown({ now: () => clock, nonceWindow: 60_000 })
  const body = { content: 'hello', nonce: 'n1', enforce_nonce: true }
  await api.channels.createMessage(channel.id, body)
  clock += 59_000
  await api.channels.createMessage(channel.id, body)
  expect(world.messages(channel.id)).toHaveLength(1)
  clock += 2000
  await api.channels.createMessage(channel.id, body)
  expect(world.messages(channel.id)).toHaveLength(2)
})

test('the nonce of a message that was deleted brings back nothing, and sends nothing', async () => {
  const { call, world, channel } = await buildTown()
  const send = () => call('POST', `/channels/${channel.id}/messages`, { content: 'x', nonce: 'n1', enforce_nonce: true })
  const { body } = await send()
  await call('DELETE', `/channels/${channel.id}/messages/${text(body.id)}`)
  expect(await send()).toMatchObject({ status: 404, body: { code: 10008 } })
  expect(world.messages(channel.id)).toEqual([])
})

test('a nonce has at most 25 characters', async () => {
  const { call, channel } = await buildTown()
  const answer = await call('POST', `/channels/${channel.id}/messages`, { content: 'x', nonce: 'n'.repeat(26) })
  expect(answer).toMatchObject({ status: 400, body: { code: 50035, errors: { nonce: {} } } })
})

test('the journal remembers the nonce, later reads do not', async () => {
  const { emulator, api, channel } = await buildTown()
  const sent = await api.channels.createMessage(channel.id, { content: 'x', nonce: 'n1' })
  expect(await api.channels.getMessage(channel.id, sent.id)).not.toHaveProperty('nonce')
  const entry = emulator.journal.entries.find(({ kind }) => kind === 'message')
  expect(entry).toMatchObject({ nonce: 'n1', by: 'bot', action: 'create' })
})
