import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actions } from '../../src/web/actions.ts'
import { type PageServer, startPageServer } from '../../src/web/server.ts'

const killed: number[] = []
let server: PageServer
let address: URL
beforeAll(async () => {
  const never = () => {
    throw new Error('nobody asks for this')
  }
  const actions: Actions = {
    send: never,
    edit: never,
    delete: never,
    press: never,
    choose: never,
    fill: never,
    command: never,
    propose: never,
    open: never,
    start: never,
    cause: never,
    kill: () => ({ pid: killed.push(1) }),
  }
  server = await startPageServer({
    ports: [0],
    assets: new Map([['/', { type: 'text/html', body: '<h1>page</h1>' }]]),
    feed: { join: (response) => void response.end(), stop: () => undefined },
    actions,
  })
  address = new URL(server.url)
})
afterAll(() => server.stop())

/** The status with which a request of these first words is answered. */
async function statusOf(line: string): Promise<string> {
  const socket = connect(Number(address.port), '127.0.0.1')
  await once(socket, 'connect')
  socket.end(`${line} HTTP/1.1\r\nhost: ${address.host}\r\nconnection: close\r\n\r\n`)
  return (await text(socket)).split('\r\n')[0]?.split(' ')[1] ?? 'none'
}

describe('V22: what anybody on this machine may send to the page', () => {
  it.each(['//', '///', 'http://', 'http://[', '//[::1', 'http://a:99999999/', '/\\'])(
    '%s is no address: 400, and it goes on',
    async (target) => {
      expect(await statusOf(`GET ${target}`)).toBe('400')
      expect(await statusOf('GET /')).toBe('200')
    },
  )

  it.each(['', 'not a request', 'GET', '\u0000'])('nor is %j', async (line) => {
    expect(await statusOf(line)).toBe('400')
    expect(await statusOf('GET /')).toBe('200')
  })

  it('nothing is done without the token, and the answer sets no cookie', async () => {
    expect(await statusOf('POST /api/kill')).toBe('403')
    expect(await statusOf('GET /api/events')).toBe('403')
    expect(await statusOf(`POST /api/kill?token=${tokenOf(server)}`)).toBe('403')
    expect((await fetch(`${address.origin}/?token=${tokenOf(server)}`)).headers.has('set-cookie')).toBe(false)
    expect(killed).toEqual([])
  })

  it('with the token in a header it is', async () => {
    const headers = { authorization: `Bearer ${tokenOf(server)}` }
    expect((await fetch(`${address.origin}/api/kill`, { method: 'POST', headers })).status).toBe(200)
    expect(killed).toEqual([1])
  })
})

const tokenOf = ({ url }: PageServer): string => new URL(url).hash.slice('#token='.length)
