import { expect, test } from 'vitest'
import { buildTown, codeOf, type Json } from '../../support/town.ts'

async function post(body: unknown): Promise<Json> {
  const { call, channel } = await buildTown()
  const answer = await call('POST', `/channels/${channel.id}/messages`, body)
  return { status: answer.status, ...answer.body } as unknown as Json
}

test('2000 characters fit, 2001 do not', async () => {
  expect(await post({ content: 'x'.repeat(2000) })).toMatchObject({ status: 200 })
  expect(await post({ content: 'x'.repeat(2001) })).toEqual({
    status: 400,
    code: 50035,
    message: 'Invalid Form Body',
    errors: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] } },
  })
})

test.each([
  ['nothing', {}],
  ['an empty text', { content: '' }],
  ['white space', { content: ' \n ' }],
  ['empty lists', { content: null, embeds: [], components: [] }],
])('%s is an empty message', async (_what, body) => {
  expect(await post(body)).toMatchObject({ status: 400, code: 50006 })
})

test.each([
  ['a long title', { embeds: [{ title: 't'.repeat(257) }] }],
  ['a long description', { embeds: [{ description: 'd'.repeat(4097) }] }],
  ['a long field', { embeds: [{ fields: [{ name: 'n', value: 'v'.repeat(1025) }] }] }],
  ['26 fields', { embeds: [{ fields: Array.from({ length: 26 }, () => ({ name: 'n', value: 'v' })) }] }],
  ['6001 characters of embeds', { embeds: [{ description: 'd'.repeat(4000) }, { description: 'd'.repeat(2001) }] }],
  ['11 embeds', { embeds: Array.from({ length: 11 }, () => ({ title: 't' })) }],
  ['six rows', { components: Array.from({ length: 6 }, (_, n) => row([button(n)])) }],
  ['six buttons in a row', { components: [row(Array.from({ length: 6 }, (_, n) => button(n)))] }],
  ['the same custom id twice', { components: [row([button(1), button(1)])] }],
  ['a button outside a row', { components: [button(1)] }],
  ['a user both parsed and listed', { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } }],
  ['a content that is no text', { content: 5 }],
  ['41 components', { flags: 1 << 15, components: [container(40)] }],
  ['4001 characters of component text', { flags: 1 << 15, components: [{ type: 10, content: 't'.repeat(4001) }] }],
])('%s is an invalid form', async (_what, body) => {
  expect(await post(body)).toMatchObject({ status: 400, code: 50035, errors: expect.any(Object) })
})

test('people live under the same limits', async () => {
  const { alice, channel } = await buildTown()
  expect(codeOf(() => alice.send(channel.id, 'x'.repeat(2001)))).toBe(50035)
  expect(codeOf(() => alice.send(channel.id, ''))).toBe(50006)
  const files = Array.from({ length: 11 }, (_, n) => ({ name: `${n}.txt`, data: 'x' }))
  expect(codeOf(() => alice.send(channel.id, 'x', { files }))).toBe(30015)
})

test('a body that is no JSON, a route that is none, a method that is not allowed', async () => {
  const { emulator, bot, call, channel } = await buildTown()
  const headers = { Authorization: `Bot ${bot.token}`, 'Content-Type': 'application/json' }
  const broken = await fetch(`${emulator.apiUrl}/v10/channels/${channel.id}/messages`, { method: 'POST', headers, body: '{' })
  expect(await broken.json()).toMatchObject({ code: 50109 })
  expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 0, message: '404: Not Found' } })
  expect(await call('PUT', '/users/@me')).toMatchObject({ status: 405, body: { code: 0 } })
  const old = await fetch(`${emulator.apiUrl}/v6/users/@me`, { headers })
  expect(await old.json()).toMatchObject({ code: 50041 })
  expect((await fetch(`${emulator.origin}/v10/users/@me`, { headers })).status).toBe(200)
})

function row(components: readonly unknown[]) {
  return { type: 1, components }
}

function button(n: number) {
  return { type: 2, style: 1, label: 'b', custom_id: `b${n}` }
}

function container(texts: number) {
  return { type: 17, components: Array.from({ length: texts }, () => ({ type: 10, content: 't' })) }
}
