import { ButtonStyle, ComponentType, MessageFlags } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { buildTown, codeOf } from '../../support/town.ts'

test('a message of the bot is answered as stored and seen by the world', async () => {
  const { api, world, channel, bot } = await buildTown()
  const sent = await api.channels.createMessage(channel.id, { content: '  hello  ', flags: MessageFlags.SuppressEmbeds })
  expect(sent).toMatchObject({ content: 'hello', flags: MessageFlags.SuppressEmbeds, author: { id: bot.id, bot: true }, type: 0 })
  expect(sent.timestamp).toMatch(/\+00:00$/)
  expect(world.messages(channel.id)).toEqual([sent])
  expect(await api.channels.getMessage(channel.id, sent.id)).toEqual(sent)
  expect(world.channel(channel.id)).toMatchObject({ last_message_id: sent.id })
})

test('lists are newest first and page by before, after and around', async () => {
  const { alice, channel, call } = await buildTown()
  const ids = Array.from({ length: 9 }, (_, index) => alice.send(channel.id, `m${index}`).id)
  const page = async (query: string) => {
    const { body } = await call('GET', `/channels/${channel.id}/messages${query}`)
    return (body as unknown as { id: string }[]).map(({ id }) => ids.indexOf(id))
  }
  expect(await page('')).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0])
  expect(await page('?limit=2')).toEqual([8, 7])
  expect(await page(`?before=${ids[4]}&limit=2`)).toEqual([3, 2])
  expect(await page(`?after=${ids[4]}&limit=2`)).toEqual([6, 5])
  expect(await page('?after=0&limit=3')).toEqual([2, 1, 0])
  expect(await page(`?around=${ids[4]}&limit=3`)).toEqual([5, 4, 3])
  expect((await call('GET', `/channels/${channel.id}/messages?limit=101`)).body).toMatchObject({ code: 50035 })
  expect((await call('GET', `/channels/${channel.id}/messages?limit=0`)).status).toBe(400)
  expect((await call('GET', `/channels/${channel.id}/messages?before=1&after=2`)).body).toMatchObject({ code: 50035 })
})

test('an edit changes the text, its mentions and the edit time, and only its author may make it', async () => {
  const { api, alice, channel, call } = await buildTown()
  const sent = await api.channels.createMessage(channel.id, { content: 'draft' })
  const edited = await api.channels.editMessage(channel.id, sent.id, { content: `for <@${alice.id}>` })
  expect(edited).toMatchObject({ id: sent.id, content: `for <@${alice.id}>`, mentions: [{ id: alice.id }] })
  expect(edited.edited_timestamp).not.toBeNull()

  const hers = alice.send(channel.id, 'mine')
  const answer = await call('PATCH', `/channels/${channel.id}/messages/${hers.id}`, { content: 'yours' })
  expect(answer).toMatchObject({ status: 403, body: { code: 50005 } })
  expect(codeOf(() => alice.edit(channel.id, sent.id, 'x'))).toBe(50005)
  const emptied = await call('PATCH', `/channels/${channel.id}/messages/${sent.id}`, { content: '' })
  expect(emptied).toMatchObject({ status: 400, body: { code: 50006 } })
})

test('a deleted message is gone', async () => {
  const { api, world, alice, channel, call } = await buildTown()
  const sent = await api.channels.createMessage(channel.id, { content: 'oops' })
  await api.channels.deleteMessage(channel.id, sent.id)
  expect(world.messages(channel.id)).toEqual([])
  expect(await call('GET', `/channels/${channel.id}/messages/${sent.id}`)).toMatchObject({ status: 404, body: { code: 10008 } })
  expect(codeOf(() => alice.delete(channel.id, sent.id))).toBe(10008)
})

test('a reply points to its message and mentions the author unless told not to', async () => {
  const { api, alice, channel } = await buildTown()
  const question = alice.send(channel.id, 'how?')
  const reply = await api.channels.createMessage(channel.id, { content: 'so', message_reference: { message_id: question.id } })
  expect(reply).toMatchObject({
    type: 19,
    message_reference: { message_id: question.id, channel_id: channel.id },
    referenced_message: { content: 'how?' },
    mentions: [{ id: alice.id }],
  })
  const quiet = await api.channels.createMessage(channel.id, {
    content: 'so',
    message_reference: { message_id: question.id },
    allowed_mentions: { parse: [] },
  })
  expect(quiet.mentions).toEqual([])
})

test('a reply to nothing is refused, or becomes a plain message when it may', async () => {
  const { api, channel, call } = await buildTown()
  const path = `/channels/${channel.id}/messages`
  const refused = await call('POST', path, { content: 'so', message_reference: { message_id: '1' } })
  expect(refused.body).toMatchObject({
    code: 50035,
    errors: { message_reference: { _errors: [{ code: 'REPLIES_UNKNOWN_MESSAGE' }] } },
  })
  const plain = await api.channels.createMessage(channel.id, {
    content: 'so',
    message_reference: { message_id: '1', fail_if_not_exists: false },
  })
  expect(plain).toMatchObject({ type: 0 })
})

test('allowed_mentions decides who is mentioned', async () => {
  const { api, alice, world, guild, channel } = await buildTown()
  const bob = world.user('Bob')
  guild.join(bob)
  const content = `<@${alice.id}> <@!${bob.id}> @everyone`
  const mentions = async (allowed_mentions?: object) => {
    const sent = await api.channels.createMessage(channel.id, { content, ...(allowed_mentions && { allowed_mentions }) })
    return { users: sent.mentions.map(({ username }) => username), everyone: sent.mention_everyone }
  }
  expect(await mentions()).toEqual({ users: ['alice', 'bob'], everyone: true })
  expect(await mentions({ parse: [] })).toEqual({ users: [], everyone: false })
  expect(await mentions({ parse: ['users'] })).toEqual({ users: ['alice', 'bob'], everyone: false })
  expect(await mentions({ users: [bob.id] })).toEqual({ users: ['bob'], everyone: false })
})

test('embeds and components are stored as Discord answers them', async () => {
  const { api, channel } = await buildTown()
  const button = { type: ComponentType.Button, style: ButtonStyle.Primary, label: 'Go', custom_id: 'go' } as const
  const sent = await api.channels.createMessage(channel.id, {
    embeds: [{ title: 'Plan', fields: [{ name: 'a', value: 'b' }] }],
    components: [{ type: ComponentType.ActionRow, components: [button] }],
  })
  expect(sent.embeds).toEqual([{ type: 'rich', title: 'Plan', fields: [{ name: 'a', value: 'b', inline: false }] }])
  expect(sent.components).toEqual([{ type: 1, id: 1, components: [{ ...button, id: 2 }] }])
})

test('a message of components only has neither content nor embeds', async () => {
  const { api, channel, call } = await buildTown()
  const components = [{ type: 10, content: 'Text' }]
  const flags = MessageFlags.IsComponentsV2
  const sent = await api.channels.createMessage(channel.id, {
    flags,
    components: [{ type: ComponentType.TextDisplay, content: 'Text' }],
  })
  expect(sent).toMatchObject({ flags, components: [{ type: 10, id: 1, content: 'Text' }] })
  const mixed = await call('POST', `/channels/${channel.id}/messages`, { flags, components, content: 'and text' })
  expect(mixed.body).toMatchObject({ code: 50035, errors: { content: {} } })
})
