/** The control API answers who knows the token, on this machine, and survives everybody else. */
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.ts'
import { listenForControl, type Control } from '../../../src/app/control/server.ts'

let control: Control
beforeEach(async () => {
  const listening = await listenForControl(0, 'secret', {
    'GET /status': async () => ({ fine: true }),
    'POST /echo': async (body) => body,
    'POST /fail': async () => {
      throw new Error('not today')
    },
    'POST /stopped': async () => AbortSignal.abort().throwIfAborted(),
    'POST /refuse': async () => new UsageError({ reason: 'not like this' }),
  })
  if (!listening) throw new Error('no port')
  control = listening
})
afterEach(() => control.close())

interface Call {
  readonly token?: string
  readonly host?: string
  readonly body?: string
}

async function call(route: string, { token = 'Bearer secret', host = '127.0.0.1', body }: Call = {}): Promise<string> {
  const [method, path] = route.split(' ')
  const asking = request({ port: control.port, host: '127.0.0.1', method, path, headers: { authorization: token, host } })
  asking.end(body)
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
  return `${response.statusCode} ${text}`
}

test('a known route with the token is answered', async () => {
  expect(await call('GET /status')).toBe('200 {"fine":true}')
  expect(await call('POST /echo', { body: '{"a":1}' })).toBe('200 {"a":1}')
})

test('without the token, or under another name, nothing is said', async () => {
  expect(await call('GET /status', { token: 'Bearer wrong' })).toMatch(/^401/)
  expect(await call('GET /nothing', { token: '' })).toMatch(/^401/)
  expect(await call('GET /status', { host: 'evil.example' })).toMatch(/^403/)
})

test('what cannot be done is a sentence', async () => {
  expect(await call('GET /nothing')).toMatch(/^404/)
  expect(await call('POST /fail', { body: '{}' })).toBe('500 {"error":"not today"}')
  expect(await call('POST /stopped', { body: '{}' })).toBe('500 {"error":"kimaki is stopping, try again when it has started"}')
  expect(await call('POST /refuse', { body: '{}' })).toBe('400 {"error":"not like this"}')
  expect(await call('POST /echo', { body: 'nonsense' })).toBe('400 {"error":"the request is not JSON"}')
  expect(await call('POST /echo', { body: JSON.stringify('x'.repeat(70_000)) })).toBe('400 {"error":"the request is too large"}')
})

test('a long body arrives in pieces, whose ends fall between the bytes of a character', async () => {
  const body = JSON.stringify('鯨'.repeat(60_000))
  expect(await call('POST /echo', { body })).toBe(`200 ${body}`)
})

test('a caller that goes away in the middle of its request ends nothing', async () => {
  const socket = connect(control.port, '127.0.0.1')
  await once(socket, 'connect')
  const head = ['POST /echo HTTP/1.1', 'host: 127.0.0.1', 'authorization: Bearer secret', 'content-length: 100', '', '{'].join(
    '\r\n',
  )
  await new Promise((resolve) => socket.write(head, resolve))
  // The request is in hand once a second one, which came later, is answered.
  expect(await call('GET /status')).toMatch(/^200/)
  socket.resetAndDestroy()
  await once(socket, 'close')
  expect(await call('GET /status')).toMatch(/^200/)
})

test('a port that is taken is no control', async () => {
  expect(await listenForControl(control.port, 'secret', {})).toBeUndefined()
})
