import { expect } from 'vitest'
import type { Modal } from '../client.ts'
import type { Check } from '../check.ts'

const MODAL: Modal = {
  custom_id: 'form',
  title: 'Form',
  components: [
    { type: 18, label: 'Note', component: { type: 4, custom_id: 'note', style: 2, max_length: 100 } },
    {
      type: 18,
      label: 'Pick',
      component: { type: 3, custom_id: 'pick', options: ['a', 'b'].map((value) => ({ label: value, value })) },
    },
    { type: 18, label: 'Who', component: { type: 5, custom_id: 'who' } },
    { type: 18, label: 'Files', component: { type: 19, custom_id: 'files', max_values: 2, required: false } },
  ],
}

export const modals: readonly Check[] = [
  {
    says: 'a modal is shown to the one who asked, and what is filled in comes back',
    async run({ client, asked, guild, ada, ben, channelId }) {
      await client.declare(guild.id, [{ name: 'form', description: 'A form' }])
      const use = ada.command(channelId, 'form')
      await (await asked()).show(MODAL)
      expect(use.modal).toMatchObject({ custom_id: 'form', title: 'Form' })
      const files = [
        { name: 'a.txt', data: 'a' },
        { name: 'b.txt', data: 'b' },
      ]
      const filled = ada.fill(use, { note: 'two\nlines', pick: 'b', who: ben.id, files })
      const question = await asked()
      expect(question).toMatchObject({
        what: 'modal',
        name: 'form',
        user: 'ada',
        fields: { note: ['two\nlines'], pick: ['b'], who: ['ben'], files: ['a.txt', 'b.txt'] },
      })
      await question.reply({ content: 'thanks' })
      expect(filled).toMatchObject({ state: 'answered', response: { content: 'thanks' } })
    },
  },
  {
    says: 'a modal of a button updates the message of the button',
    async run({ client, asked, ada, ben, channelId }) {
      const sent = await client.send(channelId, {
        content: 'edit me',
        components: [{ type: 1, components: [{ type: 2, style: 1, label: 'Edit', custom_id: 'edit' }] }],
      })
      const use = ada.press(channelId, sent.id, 'edit')
      await (await asked()).show(MODAL)
      ada.fill(use, { note: 'new text', pick: 'a', who: ben.id })
      const question = await asked()
      await question.deferUpdate()
      await question.editReply({ content: question.fields.note?.[0] ?? '' })
      expect((await client.fetch(channelId, sent.id)).content).toBe('new text')
    },
  },
]
