import { MessageFlags } from 'discord-api-types/v10'
import { expect } from 'vitest'
import type { Check } from '../check.ts'

const { Ephemeral: EPHEMERAL, IsComponentsV2: V2 } = MessageFlags

const COMMANDS = [
  {
    name: 'order',
    description: 'Order something',
    options: [
      { type: 3, name: 'what', description: 'What', required: true },
      { type: 4, name: 'count', description: 'How many' },
      { type: 5, name: 'fast', description: 'In a hurry' },
      { type: 6, name: 'whom', description: 'For whom' },
      { type: 7, name: 'where', description: 'Where' },
      { type: 8, name: 'role', description: 'Which role' },
    ],
  },
  {
    name: 'queue',
    description: 'The queue',
    options: [
      {
        type: 1,
        name: 'add',
        description: 'Add',
        options: [{ type: 3, name: 'item', description: 'Item', required: true }],
      },
    ],
  },
]

const button = (id: string) => ({
  type: 1,
  components: [{ type: 2, style: 1, label: 'Go', custom_id: id }],
})

const SELECTS = [
  {
    type: 1,
    components: [
      {
        type: 3,
        custom_id: 'text',
        max_values: 2,
        options: ['red', 'green', 'blue'].map((value) => ({ label: value, value })),
      },
    ],
  },
  { type: 1, components: [{ type: 5, custom_id: 'user' }] },
  { type: 1, components: [{ type: 6, custom_id: 'role' }] },
  { type: 1, components: [{ type: 7, custom_id: 'mentionable', max_values: 2 }] },
  { type: 1, components: [{ type: 8, custom_id: 'channel' }] },
]

export const interactions: readonly Check[] = [
  {
    says: 'a slash command comes with every kind of option, and its answer is seen',
    async run({ client, asked, guild, ada, ben, channelId }) {
      await client.declare(guild.id, COMMANDS)
      const crew = guild.role({ name: 'crew' })
      const use = ada.command(channelId, 'order', {
        what: 'tea',
        count: 2,
        fast: true,
        whom: ben.id,
        where: channelId,
        role: crew.id,
      })
      const question = await asked()
      expect(question).toMatchObject({
        what: 'command',
        name: 'order',
        user: 'ada',
        options: { what: 'tea', count: 2, fast: true, whom: 'ben', where: 'general', role: 'crew' },
      })
      await question.reply({ content: 'coming' })
      expect(use).toMatchObject({ state: 'answered', response: { content: 'coming', type: 20 } })
      const again = ada.command(channelId, 'queue add', { item: 'cake' })
      const second = await asked()
      expect(second).toMatchObject({ name: 'queue add', options: { item: 'cake' } })
      await second.reply({ content: 'queued' })
      expect(again.response?.content).toBe('queued')
    },
  },
  {
    says: 'a deferred answer is filled in, followed up and deleted; ephemeral ones are for one person',
    async run({ client, asked, guild, ada, ben, channelId }) {
      await client.declare(guild.id, COMMANDS)
      const use = ada.command(channelId, 'order', { what: 'tea' })
      const question = await asked()
      await question.defer(EPHEMERAL)
      expect(use.state).toBe('thinking')
      expect(await question.editReply({ content: 'for you' })).toMatchObject({ content: 'for you' })
      await question.followUp({ content: 'and all' })
      expect(ada.messages(channelId).map(({ content }) => content)).toEqual(['for you', 'and all'])
      expect(ben.messages(channelId).map(({ content }) => content)).not.toContain('for you')
      ada.command(channelId, 'order', { what: 'cake' })
      const other = await asked()
      await other.reply({ content: 'soon' })
      expect(ben.messages(channelId).map(({ content }) => content)).toContain('soon')
      await other.deleteReply()
      expect(ben.messages(channelId).map(({ content }) => content)).not.toContain('soon')
    },
  },
  {
    says: 'a button updates its message, or leaves it as it is',
    async run({ client, asked, ada, channelId }) {
      const sent = await client.send(channelId, { content: 'ready?', components: [button('go'), button('wait')] })
      const use = ada.press(channelId, sent.id, 'go')
      const question = await asked()
      expect(question).toMatchObject({ what: 'component', name: 'go', user: 'ada' })
      await question.update({ content: 'gone', components: [button('wait')] })
      expect(use).toMatchObject({ state: 'answered', response: { id: sent.id, content: 'gone' } })
      expect(await client.fetch(channelId, sent.id)).toMatchObject({ content: 'gone', customIds: ['wait'] })
      ada.press(channelId, sent.id, 'wait')
      const second = await asked()
      await second.deferUpdate()
      await second.followUp({ content: 'waiting' })
      expect(ada.messages(channelId).map(({ content }) => content)).toEqual(['gone', 'waiting'])
    },
  },
  {
    says: 'every select brings what was chosen',
    async run({ client, asked, guild, ada, ben, channelId }) {
      const crew = guild.role({ name: 'crew' })
      const sent = await client.send(channelId, { content: 'choose', components: SELECTS })
      const choose = async (customId: string, ...values: string[]) => {
        ada.select(channelId, sent.id, customId, values)
        const question = await asked()
        await question.deferUpdate()
        return [question.name, ...question.chosen]
      }
      expect(await choose('text', 'red', 'blue')).toEqual(['text', 'red', 'blue'])
      expect(await choose('user', ben.id)).toEqual(['user', 'ben'])
      expect(await choose('role', crew.id)).toEqual(['role', 'crew'])
      expect(await choose('mentionable', ben.id, crew.id)).toEqual(['mentionable', 'ben', 'crew'])
      expect(await choose('channel', channelId)).toEqual(['channel', 'general'])
    },
  },
  {
    says: 'components v2 are shown, and used like the others',
    async run({ client, asked, ada, channelId }) {
      const components = [
        {
          type: 17,
          components: [
            { type: 10, content: '## Report' },
            { type: 14 },
            {
              type: 9,
              components: [{ type: 10, content: 'Details' }],
              accessory: { type: 2, style: 2, label: 'More', custom_id: 'more' },
            },
            { type: 1, components: [{ type: 2, style: 4, label: 'Stop', custom_id: 'stop' }] },
          ],
        },
      ]
      const sent = await client.send(channelId, { components, flags: V2 })
      expect(sent).toMatchObject({ content: '', customIds: ['stop'] })
      ada.press(channelId, sent.id, 'more')
      const question = await asked()
      expect(question).toMatchObject({ what: 'component', name: 'more' })
      await question.reply({ content: 'details', flags: EPHEMERAL })
      await expect(client.send(channelId, { content: 'both', components, flags: V2 })).rejects.toMatchObject({ code: 50035 })
    },
  },
  {
    says: 'an answer after 3 s, and a second one, are refused',
    async run({ client, asked, guild, emulator, ada, channelId }) {
      await client.declare(guild.id, COMMANDS)
      ada.command(channelId, 'order', { what: 'tea' })
      const question = await asked()
      emulator.clock.advance(3001)
      await expect(question.reply({ content: 'late' })).rejects.toMatchObject({ code: 10062 })
      ada.command(channelId, 'order', { what: 'tea' })
      const { reply, editReply } = await asked()
      await reply({ content: 'first' })
      emulator.clock.advance(15 * 60_000 + 1)
      await expect(editReply({ content: 'too late' })).rejects.toMatchObject({ code: 50027 })
    },
  },
]
