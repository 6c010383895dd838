import { expect, test } from 'vitest'
import { buildDesk, type Desk } from '../support/desk.ts'
import { codeOf, text } from '../support/town.ts'

const label = (component: object) => ({ type: 18, label: 'Field', component })
const note = { type: 4, custom_id: 'note', style: 2, max_length: 10 }
const modal = {
  custom_id: 'form',
  title: 'Form',
  components: [
    { type: 10, content: 'Fill this in' },
    label(note),
    label({ type: 3, custom_id: 'pick', required: false, options: [{ label: 'A', value: 'a' }] }),
    label({ type: 5, custom_id: 'who' }),
    label({ type: 19, custom_id: 'files', max_values: 2, required: false }),
  ],
}

async function opened(desk: Desk) {
  await desk.declare({ name: 'form', description: 'd' })
  const use = desk.alice.command(desk.channel.id, 'form')
  expect((await desk.respond(use, { type: 9, data: modal })).status).toBe(204)
  return use
}

test('a modal is shown, filled and sent with its files', async () => {
  const desk = await buildDesk()
  const { alice, bot, received, respond, channel } = desk
  const shown = await opened(desk)
  expect(shown.modal).toMatchObject({ custom_id: 'form', title: 'Form' })
  const sent = alice.fill(shown, { note: 'hi', pick: 'a', who: bot.id, files: [{ name: 'x.txt', data: 'x' }] })
  const question = await received(sent)
  expect(question).toMatchObject({
    type: 5,
    channel_id: channel.id,
    data: {
      custom_id: 'form',
      components: [
        { type: 10 },
        { type: 18, component: { type: 4, custom_id: 'note', value: 'hi' } },
        { type: 18, component: { type: 3, custom_id: 'pick', values: ['a'] } },
        { type: 18, component: { type: 5, custom_id: 'who', values: [bot.id] } },
        { type: 18, component: { type: 19, custom_id: 'files' } },
      ],
      resolved: { users: { [bot.id]: {} } },
    },
  })
  const fileId = text(question.data?.components?.[4]?.component?.values?.[0])
  expect(question.data?.resolved?.attachments?.[fileId]).toMatchObject({ filename: 'x.txt' })
  expect((await respond(sent, { type: 9, data: modal })).body).toMatchObject({ code: 50035 })
  await respond(sent, { type: 4, data: { content: 'thanks' } })
  expect(sent.response).toMatchObject({ interaction_metadata: { type: 5, triggering_interaction_metadata: { id: shown.id } } })
})

test('what a client would not send is refused', async () => {
  const desk = await buildDesk()
  const { alice, bot } = desk
  const shown = await opened(desk)
  const fill = (values: Parameters<typeof alice.fill>[1]) => codeOf(() => alice.fill(shown, values))
  expect(fill({ who: bot.id })).toBe(50035)
  expect(fill({ note: 'x'.repeat(11), who: bot.id })).toBe(50035)
  expect(fill({ note: 'x', who: bot.id, other: 'y' })).toBe(50035)
  expect(fill({ note: 'x', who: bot.id, pick: 'z' })).toBe(50035)
  expect(fill({ note: 'x', who: bot.id })).toBeUndefined()
})

test('a modal of a button can update its message', async () => {
  const desk = await buildDesk()
  const { alice, channel, call, respond, world } = desk
  const components = [{ type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'go' }] }]
  const { body } = await call('POST', `/channels/${channel.id}/messages`, { content: 'x', components })
  const press = alice.press(channel.id, text(body.id), 'go')
  const old = { type: 1, components: [{ ...note, label: 'Note' }] }
  await respond(press, { type: 9, data: { ...modal, components: [old] } })
  const sent = alice.fill(press, { note: 'hi' })
  await respond(sent, { type: 7, data: { content: 'updated' } })
  expect(world.messages(channel.id)).toMatchObject([{ content: 'updated' }])
})

test.each([
  ['a long title', { ...modal, title: 't'.repeat(46) }],
  ['no components', { ...modal, components: [] }],
  ['six components', { ...modal, components: Array.from({ length: 6 }, () => ({ type: 10, content: 'x' })) }],
  ['a long label', { ...modal, components: [{ ...label(note), label: 'l'.repeat(46) }] }],
  ['a label without a component', { ...modal, components: [{ type: 18, label: 'x' }] }],
  ['a button', { ...modal, components: [{ type: 1, components: [{ type: 2, style: 1, label: 'x', custom_id: 'x' }] }] }],
  ['a disabled input', { ...modal, components: [label({ ...note, disabled: true })] }],
  ['the same custom_id twice', { ...modal, components: [label(note), label(note)] }],
  ['eleven files', { ...modal, components: [label({ type: 19, custom_id: 'f', max_values: 11 })] }],
])('a modal with %s is refused', async (_what, data) => {
  const desk = await buildDesk()
  await desk.declare({ name: 'form', description: 'd' })
  const use = desk.alice.command(desk.channel.id, 'form')
  expect(await desk.respond(use, { type: 9, data })).toMatchObject({ status: 400, body: { code: 50035 } })
})
