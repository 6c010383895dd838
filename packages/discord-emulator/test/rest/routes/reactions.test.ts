import { expect, test } from 'vitest'
import { buildTown, codeOf } from '../../support/town.ts'

test('reactions come and go, counted once per user', async () => {
  const { api, alice, channel, bot } = await buildTown({ rateLimits: false })
  const message = alice.send(channel.id, 'vote')
  alice.react(channel.id, message.id, '👍')
  alice.react(channel.id, message.id, '👍')
  await api.channels.addMessageReaction(channel.id, message.id, '👍')
  const [reaction] = (await api.channels.getMessage(channel.id, message.id)).reactions ?? []
  expect(reaction).toMatchObject({ emoji: { id: null, name: '👍' }, count: 2, me: true })
  const users = await api.channels.getMessageReactions(channel.id, message.id, '👍')
  expect(users.map(({ id }) => id)).toEqual([alice.id, bot.id])
  await api.channels.deleteOwnMessageReaction(channel.id, message.id, '👍')
  await api.channels.deleteUserMessageReaction(channel.id, message.id, '👍', alice.id)
  expect(await api.channels.getMessage(channel.id, message.id)).not.toHaveProperty('reactions')
})

test('all reactions can be cleared, or all of one kind', async () => {
  const { api, alice, channel, world } = await buildTown({ rateLimits: false })
  const message = alice.send(channel.id, 'vote')
  for (const emoji of ['👍', '👎', '🎉']) alice.react(channel.id, message.id, emoji)
  await api.channels.deleteAllMessageReactionsForEmoji(channel.id, message.id, '👎')
  expect(world.messages(channel.id)[0]?.reactions).toHaveLength(2)
  await api.channels.deleteAllMessageReactions(channel.id, message.id)
  expect(world.messages(channel.id)[0]).not.toHaveProperty('reactions')
})

test('what is no emoji is unknown, and the twenty-first kind is too much', async () => {
  const { alice, channel, call } = await buildTown({ rateLimits: false })
  const message = alice.send(channel.id, 'vote')
  const path = `/channels/${channel.id}/messages/${message.id}/reactions`
  expect(await call('PUT', `${path}/hello/@me`)).toMatchObject({ status: 400, body: { code: 10014 } })
  const kinds = Array.from({ length: 21 }, (_, index) => String.fromCodePoint(0x1f600 + index))
  const codes = kinds.map((emoji) => codeOf(() => alice.react(channel.id, message.id, emoji)))
  expect(codes).toEqual([...Array.from({ length: 20 }, () => undefined), 30010])
})

test('a person needs ADD_REACTIONS only for the first of a kind', async () => {
  const { alice, world, guild, channel } = await buildTown()
  const bob = world.user('Bob')
  guild.join(bob)
  guild.setOverwrites(channel.id, [{ id: guild.id, type: 'role', deny: 64n }])
  const message = alice.send(channel.id, 'vote')
  expect(codeOf(() => bob.react(channel.id, message.id, '👍'))).toBe(50013)
  alice.react(channel.id, message.id, '👍')
  expect(codeOf(() => bob.react(channel.id, message.id, '👍'))).toBeUndefined()
})
