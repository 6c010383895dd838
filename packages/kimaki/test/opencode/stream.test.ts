/** The event stream against a server that misbehaves on command. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { backoffMs } from '../../src/base/backoff.ts'
import { HttpClient } from '../../src/opencode/wire/http.ts'
import { RECONNECT, openStream } from '../../src/opencode/wire/stream.ts'
import { until } from './fixtures/world.ts'

const never = new AbortController().signal
const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

async function open(silenceMs: number) {
  const streams: ServerResponse[] = []
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Basic ${Buffer.from('opencode:pw').toString('base64')}`)
      return response.writeHead(401).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    streams.push(response)
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const http = new HttpClient({ port: (server.address() as AddressInfo).port, password: 'pw' }, never)
  const events: unknown[] = []
  let connected = 0
  let broken = 0
  const stream = openStream({
    http,
    log,
    silenceMs,
    onEvent: (event) => events.push(event),
    onConnected: () => void (connected += 1),
    onBroken: () => void (broken += 1),
  })
  onTestFinished(async () => {
    await stream.close()
    http.close()
    server.closeAllConnections()
    server.close()
  })
  return { streams, events, stream, connected: () => connected, broken: () => broken }
}

test('it is connected with its first event, reads pieces whole, and comes back after a break', async () => {
  const { streams, events, stream, connected } = await open(10_000)
  const first = await until('a stream', () => streams[0])
  expect(await stream.flows(1, never)).toBe(false)
  first.write('data: {"a":"ä')
  first.write('1"}\n\ndata: no json\n\ndata: {"b":2}\n\n')
  await until('two events', () => events.length === 2)
  expect(events).toEqual([{ a: 'ä1' }, { b: 2 }])
  expect(await stream.flows(1_000, never)).toBe(true)
  expect(connected()).toBe(1)

  first.destroy()
  const second = await until('another stream', () => streams[1])
  expect(await stream.flows(1, never)).toBe(false)
  second.write('data: {"c":3}\n\n')
  await until('the notice', () => connected() === 2)
})

test('a silent stream is cut and opened again', async () => {
  const { streams, broken } = await open(50)
  await until('two more streams', () => streams.length === 3)
  expect(broken()).toBeGreaterThanOrEqual(2)
})

test('the pauses grow to ten seconds (P-028)', () => {
  expect([1, 2, 3, 6, 7, 51].map((failures) => backoffMs(RECONNECT, failures))).toEqual([250, 500, 1_000, 8_000, 10_000, 10_000])
})
