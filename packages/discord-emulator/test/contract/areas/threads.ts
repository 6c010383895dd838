import { ChannelType } from 'discord-api-types/v10'
import { expect } from 'vitest'
import type { Check } from '../check.ts'

export const threads: readonly Check[] = [
  {
    says: 'a thread begun from a message has its id, and its messages are heard',
    async run({ client, hears, ada, channelId }) {
      const idea = ada.send(channelId, 'an idea')
      const thread = await client.startThread(channelId, 'idea', { messageId: idea.id })
      expect(thread).toEqual({ id: idea.id, name: 'idea', parentId: channelId, archived: false, locked: false, type: 11 })
      expect((await hears('thread')).thread.id).toBe(idea.id)
      ada.send(thread.id, 'more of it')
      expect((await hears('message', ({ message }) => message.content === 'more of it')).message.channelId).toBe(thread.id)
      expect((await client.history(thread.id, { limit: 10 })).map(({ type }) => type)).toEqual([0, 21])
      await expect(client.startThread(channelId, 'again', { messageId: idea.id })).rejects.toMatchObject({ code: 160004 })
    },
  },
  {
    says: 'threads of people are heard, with their new names',
    async run({ hears, guild, ada, channelId }) {
      const thread = ada.startThread(channelId, 'plans')
      expect((await hears('thread')).thread).toMatchObject({ id: thread.id, name: 'plans', parentId: channelId })
      guild.rename(thread.id, 'great plans')
      expect((await hears('thread-changed')).thread.id).toBe(thread.id)
      // Not by the thread itself: oceanic.js 1.15.0 never takes a new name of a thread over.
      expect((await hears('message', ({ message }) => message.type === 4)).message).toMatchObject({
        channelId: thread.id,
        content: 'great plans',
      })
    },
  },
  {
    says: 'a private thread is for its members',
    async run({ client, ben, guild, ada, channelId, emulator }) {
      const thread = await client.startThread(channelId, 'secret', { type: ChannelType.PrivateThread })
      expect(thread).toMatchObject({ type: 12, name: 'secret' })
      const { world } = emulator
      expect(() => ben.send(thread.id, 'let me in')).toThrow('Missing Access')
      await client.addMember(thread.id, ben.id)
      expect(ben.send(thread.id, 'thanks').content).toBe('thanks')
      expect(await client.members(thread.id)).toContain(ben.id)
      expect(await client.members(thread.id)).not.toContain(ada.id)
      expect(world.threads(channelId).map(({ id }) => id)).toEqual([thread.id])
      expect(await client.activeThreads(guild.id)).toEqual(['secret'])
    },
  },
  {
    says: 'an archived thread leaves the active ones, and a message brings it back unless it is locked',
    async run({ client, hears, ada, ben, guild, channelId }) {
      const thread = await client.startThread(channelId, 'talk', { type: ChannelType.PublicThread })
      expect(await client.activeThreads(guild.id)).toEqual(['talk'])
      expect(await client.changeThread(thread.id, { archived: true })).toMatchObject({ archived: true })
      expect((await hears('thread-changed', ({ thread: { archived } }) => archived)).thread.id).toBe(thread.id)
      expect(await client.activeThreads(guild.id)).toEqual([])
      expect(await client.archivedThreads(channelId)).toEqual(['talk'])
      ada.send(thread.id, 'one more thing')
      expect((await hears('thread-changed', ({ thread: { archived } }) => !archived)).thread.id).toBe(thread.id)
      expect(await client.activeThreads(guild.id)).toEqual(['talk'])
      await client.changeThread(thread.id, { archived: true, locked: true })
      expect(() => ben.send(thread.id, 'and another')).toThrow('Thread is locked')
      expect(await client.archivedThreads(channelId)).toEqual(['talk'])
    },
  },
  {
    says: 'a thread left alone archives itself by the clock',
    async run({ hears, ada, emulator, channelId }) {
      const thread = ada.startThread(channelId, 'brief')
      emulator.clock.advance(4 * 86_400_000)
      expect((await hears('thread-changed', ({ thread: { archived } }) => archived)).thread.id).toBe(thread.id)
    },
  },
]
