import { expect } from 'vitest'
import type { Check } from '../check.ts'

const button = { type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'go' }] }

export const messages: readonly Check[] = [
  {
    says: 'a message is created, edited, fetched and deleted, and each of it is heard',
    async run({ client, hears, channelId }) {
      const sent = await client.send(channelId, {
        content: 'one',
        embeds: [{ title: 'Plan', description: 'all of it' }],
        components: [button],
      })
      expect(sent).toMatchObject({ author: 'helper', content: 'one', embeds: ['Plan'], customIds: ['go'], channelId })
      expect((await hears('message')).message).toMatchObject({ id: sent.id, content: 'one', embeds: ['Plan'] })
      expect(await client.edit(channelId, sent.id, { content: 'two' })).toMatchObject({ id: sent.id, content: 'two' })
      expect((await hears('edited')).message).toMatchObject({ id: sent.id, content: 'two', embeds: ['Plan'], customIds: ['go'] })
      expect(await client.fetch(channelId, sent.id)).toMatchObject({ content: 'two', customIds: ['go'] })
      await client.delete(channelId, sent.id)
      expect((await hears('deleted')).id).toBe(sent.id)
      await expect(client.fetch(channelId, sent.id)).rejects.toMatchObject({ code: 10008 })
    },
  },
  {
    says: 'what people write is heard in their order, with its edits and deletions',
    async run({ client, hears, until, messages: heard, ada, ben, channelId }) {
      const first = ada.send(channelId, 'first')
      ben.send(channelId, 'second', { replyTo: first.id })
      ada.edit(channelId, first.id, 'first, better')
      ada.delete(channelId, first.id)
      expect((await hears('edited')).message).toMatchObject({ author: 'ada', content: 'first, better' })
      expect((await hears('deleted')).id).toBe(first.id)
      await until('both are heard', () => heard().length === 2)
      expect(heard().map(({ author, content }) => [author, content])).toEqual([
        ['ada', 'first'],
        ['ben', 'second'],
      ])
      expect(heard()[1]).toMatchObject({ replyTo: first.id, type: 19 })
      expect((await client.history(channelId, { limit: 5 })).map(({ content }) => content)).toEqual(['second'])
    },
  },
  {
    says: 'a reply names what it answers',
    async run({ client, ada, channelId }) {
      const question = ada.send(channelId, 'why?')
      const answer = await client.send(channelId, { content: 'because', replyTo: question.id })
      expect(answer).toMatchObject({ type: 19, replyTo: question.id })
      expect(await client.fetch(channelId, answer.id)).toMatchObject({ replyTo: question.id })
    },
  },
  {
    says: 'reactions are added, counted, listed and taken back',
    async run({ client, hears, ada, ben, channelId }) {
      const sent = await client.send(channelId, { content: 'vote' })
      await client.react(channelId, sent.id, '👍')
      ada.react(channelId, sent.id, '👍')
      expect(await hears('reacted', ({ userId }) => userId === ada.id)).toMatchObject({ messageId: sent.id, emoji: '👍' })
      expect((await client.fetch(channelId, sent.id)).reactions).toEqual([['👍', 2]])
      expect([...(await client.reactors(channelId, sent.id, '👍'))].sort()).toEqual(['ada', 'helper'])
      await client.unreact(channelId, sent.id, '👍')
      ben.react(channelId, sent.id, '🎉')
      expect((await client.fetch(channelId, sent.id)).reactions).toEqual([
        ['👍', 1],
        ['🎉', 1],
      ])
    },
  },
  {
    says: 'messages are pinned, listed and unpinned',
    async run({ client, guild, bot, hears, ada, channelId }) {
      guild.setRolePermissions(guild.id, (1n << 51n) | (1n << 10n) | (1n << 11n) | (1n << 16n))
      const rules = ada.send(channelId, 'rules')
      await client.pin(channelId, rules.id)
      expect((await hears('message', ({ message }) => message.type === 6)).message).toMatchObject({
        author: bot.name,
        replyTo: rules.id,
      })
      expect((await client.pins(channelId)).map(({ content }) => content)).toEqual(['rules'])
      expect((await client.fetch(channelId, rules.id)).pinned).toBe(true)
      await client.unpin(channelId, rules.id)
      expect(await client.pins(channelId)).toEqual([])
    },
  },
  {
    says: 'history comes in pages, newest first',
    async run({ client, ada, channelId }) {
      const sent = Array.from({ length: 7 }, (_, index) => ada.send(channelId, `${index}`))
      const page = await client.history(channelId, { limit: 3, before: sent[5]?.id ?? '' })
      expect(page.map(({ content }) => content)).toEqual(['4', '3', '2'])
    },
  },
  {
    says: 'what Discord refuses is refused with its code',
    async run({ client, guild, bot, channelId }) {
      await expect(client.send(channelId, { content: 'x'.repeat(2001) })).rejects.toMatchObject({ code: 50035 })
      await expect(client.edit(channelId, '1', { content: 'x' })).rejects.toMatchObject({ code: 10008 })
      guild.setOverwrites(channelId, [{ id: bot.id, type: 'member', deny: 1n << 11n }])
      await expect(client.send(channelId, { content: 'x' })).rejects.toMatchObject({ code: 50013 })
      guild.setOverwrites(channelId, [{ id: bot.id, type: 'member', deny: 1n << 10n }])
      await expect(client.send(channelId, { content: 'x' })).rejects.toMatchObject({ code: 50001 })
    },
  },
]
