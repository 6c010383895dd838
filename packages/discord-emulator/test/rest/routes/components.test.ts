import { expect, test } from 'vitest'
import { buildTown, text } from '../../support/town.ts'

const V2 = 1 << 15
const row = (...components: readonly object[]) => ({ type: 1, components })
const button = (more: object = {}) => ({ type: 2, style: 1, label: 'b', custom_id: 'b', ...more })
const display = { type: 10, content: 't' }
const option = { label: 'a', value: 'a' }
const select = (more: object = {}) => ({ type: 3, custom_id: 's', options: [option], ...more })
const thumbnail = { type: 11, media: { url: 'https://example.com/a.png' } }
const item = { media: { url: 'https://example.com/a.png' } }
const many = (count: number, one: object) => Array.from({ length: count }, () => one)

test.each([
  ['a button with a select in a row', [row(button(), select())]],
  ['two selects in a row', [row(select(), select({ custom_id: 't' }))]],
  ['an empty row', [row()]],
  ['a row in a row', [row(row(button()))]],
  ['a button without a custom_id', [row(button({ custom_id: undefined }))]],
  ['a link without an address', [row(button({ style: 5, custom_id: undefined }))]],
  ['a link with a custom_id', [row(button({ style: 5, url: 'https://example.com' }))]],
  ['a link to a strange place', [row(button({ style: 5, custom_id: undefined, url: 'ftp://x' }))]],
  ['a button of style 7', [row(button({ style: 7 }))]],
  ['a button that shows nothing', [row(button({ label: undefined }))]],
  ['a label of 81 characters', [row(button({ label: 'l'.repeat(81) }))]],
  ['a custom_id of 101 characters', [row(button({ custom_id: 'c'.repeat(101) }))]],
  ['an empty custom_id', [row(button({ custom_id: '' }))]],
  ['a select without options', [row(select({ options: [] }))]],
  ['26 options', [row(select({ options: Array.from({ length: 26 }, (_, n) => ({ label: 'a', value: `${n}` })) }))]],
  ['the same option twice', [row(select({ options: [option, option] }))]],
  ['an option of 101 characters', [row(select({ options: [{ label: 'l'.repeat(101), value: 'v' }] }))]],
  ['a placeholder of 151 characters', [row(select({ placeholder: 'p'.repeat(151) }))]],
  ['min_values of 26', [row(select({ min_values: 26 }))]],
  ['a text input in a message', [row({ type: 4, custom_id: 't', style: 1, label: 'x' })]],
  ['a text display without the flag', [display]],
])('without the flag: %s is refused', async (_what, components) => {
  const { call, channel } = await buildTown()
  const answer = await call('POST', `/channels/${channel.id}/messages`, { content: 'x', components })
  expect(answer).toMatchObject({ status: 400, body: { code: 50035, errors: { components: {} } } })
})

test.each([
  ['a section without an accessory', [{ type: 9, components: [display] }]],
  ['a section of four texts', [{ type: 9, components: many(4, display), accessory: thumbnail }]],
  ['a section with a select beside it', [{ type: 9, components: [display], accessory: select() }]],
  ['a gallery of eleven', [{ type: 12, items: many(11, item) }]],
  ['an empty gallery', [{ type: 12, items: [] }]],
  ['a container in a container', [{ type: 17, components: [{ type: 17, components: [display] }] }]],
  ['an empty container', [{ type: 17, components: [] }]],
  ['an empty text', [{ type: 10, content: '' }]],
  ['a thumbnail at the top', [thumbnail]],
  ['a separator of spacing 3', [{ type: 14, spacing: 3 }]],
  ['a file that was not sent', [{ type: 13, file: { url: 'attachment://none.txt' } }]],
  ['41 components, nested', [{ type: 17, components: many(20, display) }, ...many(20, display)]],
  ['4001 characters over two texts', many(2, { type: 10, content: 't'.repeat(2001) })],
])('with IS_COMPONENTS_V2: %s is refused', async (_what, components) => {
  const { call, channel } = await buildTown()
  const answer = await call('POST', `/channels/${channel.id}/messages`, { flags: V2, components })
  expect(answer).toMatchObject({ status: 400, body: { code: 50035, errors: { components: {} } } })
})

test('40 components and 4000 characters fit', async () => {
  const { call, channel } = await buildTown()
  const texts = many(39, { type: 10, content: 't'.repeat(102) })
  const answer = await call('POST', `/channels/${channel.id}/messages`, {
    flags: V2,
    components: [{ type: 17, components: texts }],
  })
  expect(answer).toMatchObject({ status: 200, body: { flags: V2, content: '' } })
})

test('a message of components takes no text, neither at first nor later', async () => {
  const { call, channel } = await buildTown()
  const path = `/channels/${channel.id}/messages`
  for (const legacy of [{ content: 'x' }, { embeds: [{ title: 't' }] }, { poll: { question: { text: 'q' } } }]) {
    expect((await call('POST', path, { flags: V2, components: [display], ...legacy })).body).toMatchObject({ code: 50035 })
  }
  const { body } = await call('POST', path, { flags: V2, components: [display] })
  const one = `${path}/${text(body.id)}`
  expect((await call('PATCH', one, { content: 'x' })).body).toMatchObject({ code: 50035 })
  expect((await call('PATCH', one, { flags: 0, components: [{ ...display, content: 'new' }] })).body).toMatchObject({ flags: V2 })
})

test('a file named by a component is shown with its address', async () => {
  const { call, channel } = await buildTown()
  const form = new FormData()
  form.set('payload_json', JSON.stringify({ flags: V2, components: [{ type: 13, file: { url: 'attachment://a.txt' } }] }))
  form.set('files[0]', new Blob(['text']), 'a.txt')
  const { body } = await call('POST', `/channels/${channel.id}/messages`, form)
  const fetched = await fetch(text(body.components?.[0]?.file?.url))
  expect(await fetched.text()).toBe('text')
})
