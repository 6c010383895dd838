/** A connection that the server closes while nobody uses it, seen by the client only when it has written: calls that change nothing go on. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import { HttpClient } from '../../src/opencode/wire/http.ts'

/** Answers the first request of each connection, and closes the connection at the second. */
async function hastyServer(): Promise<{ readonly client: HttpClient; readonly seen: readonly string[] }> {
  const seen: string[] = []
  const met = new WeakSet<IncomingMessage['socket']>()
  const server = createServer((request, response) => {
    const { socket, method, url } = request
    const isSecond = met.has(socket)
    met.add(socket)
    seen.push(`${method} ${url}${isSecond ? ' closed' : ''}`)
    if (isSecond) socket.destroy()
    else response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = new HttpClient({ port, password: 'p' }, new AbortController().signal)
  onTestFinished(() => {
    client.close()
    server.close()
  })
  return { client, seen }
}

test('what only reads is asked again on a new connection', async () => {
  const { client, seen } = await hastyServer()
  for (const path of ['/a', '/b', '/c']) expect(await client.call({ method: 'GET', path })).toMatchObject({ json: {} })
  expect(seen).toEqual(['GET /a', 'GET /b closed', 'GET /b', 'GET /c closed', 'GET /c'])
})

test('what changes something is not: it may have been done', async () => {
  const { client, seen } = await hastyServer()
  await client.call({ method: 'GET', path: '/a' })
  const answer = await client.call({ method: 'POST', path: '/b' })
  expect(answer).toBeInstanceOf(AgentUnavailable)
  expect(seen).toEqual(['GET /a', 'POST /b closed'])
})
