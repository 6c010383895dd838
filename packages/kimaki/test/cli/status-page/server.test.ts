/** The status page over HTTP: who gets it, and what the frame allows. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveStatus, type StatusServer } from '../../../src/cli/status-page/server.ts'
import { manualClock } from '../../app/support/clock.ts'

const clock = manualClock()
let server: StatusServer
let page: string | Error = '<p>now</p>'
beforeAll(async () => {
  const served = await serveStatus(async () => page, clock)
  if (served instanceof Error) throw served
  server = served
})
afterAll(() => server.close())

const partsOf = (link: string): readonly [string, string] => {
  const { origin, hash } = new URL(link)
  return [origin, hash.slice(1)]
}
async function enter(link = server.link()): Promise<Response> {
  const [origin, code] = partsOf(link)
  return fetch(`${origin}/enter`, { method: 'POST', body: code })
}
const now = async (token: string): Promise<Response> =>
  fetch(`${partsOf(server.link())[0]}/now`, { headers: { authorization: `Bearer ${token}` } })

test('the code of a link lets one tab in, once', async () => {
  const link = server.link()
  const token = await (await enter(link)).text()
  expect(token).not.toBe(partsOf(link)[1])
  const answer = await now(token)
  expect([answer.status, await answer.text()]).toEqual([200, '<p>now</p>'])
  expect((await enter(link)).status).toBe(401)
})

test('a code that nobody has used for ten minutes is none', async () => {
  const link = server.link()
  clock.advance(600_000)
  expect((await enter(link)).status).toBe(401)
})

test('nothing that goes on is told without the token', async () => {
  const [origin, code] = partsOf(server.link())
  for (const token of ['', 'x', code]) expect((await now(token)).status).toBe(401)
  expect((await fetch(`${origin}/now`)).status).toBe(401)
  expect((await fetch(`${origin}/other`)).status).toBe(404)
})

test('a bot that cannot say what goes on is no broken page', async () => {
  const token = await (await enter()).text()
  page = new Error('it stops')
  const answer = await now(token)
  expect([answer.status, await answer.text()]).toEqual([503, 'it stops'])
})

test('the frame holds no secret, asks nobody else, and sets no cookie', async () => {
  const link = server.link()
  const frame = await fetch(partsOf(link)[0])
  const policy = frame.headers.get('content-security-policy') ?? ''
  const text = await frame.text()
  const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1]
  expect(policy).toContain("default-src 'none'")
  expect([...text.matchAll(/nonce="([\w-]+)"/g)].map((found) => found[1])).toEqual([nonce, nonce])
  expect(text).not.toMatch(/https?:/)
  expect(text).not.toContain(partsOf(link)[1])
  expect(frame.headers.get('set-cookie')).toBeNull()
  expect(await (await fetch(partsOf(link)[0])).text()).not.toContain(nonce)
})
