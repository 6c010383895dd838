import { expect } from 'vitest'
import type { Check } from '../check.ts'

const COMMAND = {
  name: 'paint',
  description: 'Paint',
  options: [
    { type: 3, name: 'what', description: 'What', required: true },
    { type: 3, name: 'colour', description: 'Colour', autocomplete: true },
  ],
}

export const autocomplete: readonly Check[] = [
  {
    says: 'what is typed is asked about, and the choices are seen',
    async run({ client, asked, guild, ada, channelId }) {
      await client.declare(guild.id, [COMMAND])
      const use = ada.autocomplete(channelId, 'paint', { what: 'house', colour: 'gr' }, 'colour')
      const question = await asked()
      expect(question).toMatchObject({
        what: 'autocomplete',
        name: 'paint',
        focused: 'colour',
        options: { what: 'house', colour: 'gr' },
      })
      await question.offer([
        { name: 'Green', value: 'green' },
        { name: 'Grey', value: 'grey' },
      ])
      expect(use.choices).toMatchObject([{ name: 'Green', value: 'green' }, { value: 'grey' }])
    },
  },
  {
    says: 'more than 25 choices are refused',
    async run({ client, asked, guild, ada, channelId }) {
      await client.declare(guild.id, [COMMAND])
      ada.autocomplete(channelId, 'paint', { colour: '' }, 'colour')
      const { offer } = await asked()
      const choices = Array.from({ length: 26 }, (_, index) => ({ name: `${index}`, value: `${index}` }))
      await expect(offer(choices)).rejects.toMatchObject({ code: 50035 })
    },
  },
]
