/** Answers that no well-behaved Discord would give. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { ChatUnknown } from '../../src/base/errors.ts'
import { Rest } from '../../src/discord/rest/rest.ts'
import type { Log } from '../../src/ports/host.ts'

let server: Server
let rest: Rest

afterEach(() => {
  rest.stop()
  server.close()
  server.closeAllConnections()
})

const quiet = () => undefined
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

async function answering(listener: RequestListener): Promise<void> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  rest = new Rest({ token: 't', apiUrl, log, timeout: 200 })
}

const json = { 'content-type': 'application/json' }

describe('a post has an unknown outcome when', () => {
  test.each<[string, RequestListener]>([
    ['nothing is answered', quiet],
    ['the body stalls', (_request, response) => response.writeHead(200, json).write('{"id":')],
    [
      'the body is cut',
      (_request, response) =>
        response.writeHead(200, { ...json, 'content-length': '50' }).write('{"id":', () => response.destroy()),
    ],
    ['the body is half an object', (_request, response) => response.writeHead(200, json).end('{"id":')],
    [
      'a page comes instead',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
    ],
    ['nothing at all comes with a 200', (_request, response) => response.writeHead(200).end()],
    ['a page with an error comes', (_request, response) => response.writeHead(404, json).end('<h1>no</h1>')],
    ['the line breaks', (request) => request.socket.destroy()],
  ])('%s', async (_name, listener) => {
    let requests = 0
    await answering((request, response) => {
      requests += 1
      listener(request, response)
    })
    const result = await rest.call({ method: 'POST', route: '/channels/123456789012345678/messages', body: {} })
    expect(result).toBeInstanceOf(ChatUnknown)
    expect(requests).toBe(1)
  })
})

test.each<[string, number, string, object | undefined]>([
  ['nothing is the answer', 204, '', undefined],
  ['a page is none', 200, '<h1>Welcome</h1>', { name: 'ChatUnknown', reason: 'an answer that is not of Discord' }],
])('of a call that Discord answers with nothing, %s', async (_name, status, body, expected) => {
  await answering((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body))
  const result = await rest.send({ method: 'POST', route: '/interactions/1/token/callback', body: {} })
  if (expected) expect(result).toMatchObject(expected)
  else expect(result).toBeUndefined()
})

test('a read is tried three times (R1)', async () => {
  let requests = 0
  await answering((_request, response) => {
    requests += 1
    response.writeHead(502).end()
  })
  expect(await rest.read('/users/@me')).toMatchObject({ name: 'ChatUnknown', reason: 'Discord answered 502' })
  expect(requests).toBe(3)
})

test('connections are kept for the next request', async () => {
  const sockets = new Set<unknown>()
  await answering((request, response) => {
    sockets.add(request.socket)
    response.writeHead(200, json).end('{}')
  })
  for (let n = 0; n < 10; n += 1) await rest.read('/users/@me')
  expect(sockets.size).toBe(1)
})
