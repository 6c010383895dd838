/** A call that is answered after many minutes: nothing but its own deadline ends it. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import { HttpClient } from '../../src/opencode/wire/http.ts'

const MINUTE = 60_000
const asked: ServerResponse[] = []
const server = createServer((_request, response) => void asked.push(response))
const stopping = new AbortController()
let http: HttpClient

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  http = new HttpClient({ port: (server.address() as AddressInfo).port, password: 'x' }, stopping.signal)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  http.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  asked.length = 0
})

const call = () => http.call({ method: 'POST', path: '/session/ses_1/command', body: {}, deadlineMs: 30 * MINUTE })
const isAsked = async (): Promise<ServerResponse> => {
  for (;;) {
    const [response] = asked
    if (response) return response
    await new Promise(setImmediate)
  }
}

test('a run of 29 minutes is waited for, though not a byte comes before', async () => {
  const answer = call()
  const response = await isAsked()
  await vi.advanceTimersByTimeAsync(29 * MINUTE)
  response.setHeader('content-type', 'application/json').end('{"ok":true}')
  expect(await answer).toMatchObject({ json: { ok: true } })
})

test('red control: its own deadline ends it', async () => {
  const answer = call()
  await isAsked()
  await vi.advanceTimersByTimeAsync(31 * MINUTE)
  expect(await answer).toBeInstanceOf(AgentUnavailable)
})
