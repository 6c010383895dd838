/** The control API answers whoever may open its socket, and survives everybody; its lock port tells strangers nothing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.ts'
import { holdPort, serveControl, type HeldPort, type Listener } from '../../../src/app/control/server.ts'

let folder: string
let socketPath: string
let control: Listener
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kimaki-control-'))
  socketPath = join(folder, 'control.sock')
  const listening = await serveControl(socketPath, {
    'GET /status': async () => ({ fine: true }),
    'POST /echo': async (body) => body,
    'POST /fail': async () => {
      throw new Error('not today')
    },
    'POST /stopped': async () => AbortSignal.abort().throwIfAborted(),
    'POST /refuse': async () => new UsageError({ reason: 'not like this' }),
  })
  if (listening instanceof Error) throw listening
  control = listening
})
afterEach(async () => {
  await control.close()
  rmSync(folder, { recursive: true })
})

async function ask(route: string, where: RequestOptions, body?: string): Promise<string> {
  const [method, path] = route.split(' ')
  const asking = request({ ...where, method, path })
  asking.end(body)
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
  return `${response.statusCode} ${text}`
}

const call = (route: string, body?: string): Promise<string> => ask(route, { socketPath }, body)

test('a known route is answered', async () => {
  expect(await call('GET /status')).toBe('200 {"fine":true}')
  expect(await call('POST /echo', '{"a":1}')).toBe('200 {"a":1}')
})

test('what cannot be done is a sentence', async () => {
  expect(await call('GET /nothing')).toMatch(/^404/)
  expect(await call('POST /fail', '{}')).toBe('500 {"error":"not today"}')
  expect(await call('POST /stopped', '{}')).toBe('503 {"error":"kimaki is stopping, try again when it has started"}')
  expect(await call('POST /refuse', '{}')).toBe('400 {"error":"not like this"}')
  expect(await call('POST /echo', 'nonsense')).toBe('400 {"error":"the request is not JSON"}')
  expect(await call('POST /echo', JSON.stringify('x'.repeat(70_000)))).toBe('400 {"error":"the request is too large"}')
})

test('a long body arrives in pieces, whose ends fall between the bytes of a character', async () => {
  const body = JSON.stringify('鯨'.repeat(60_000))
  expect(await call('POST /echo', body)).toBe(`200 ${body}`)
})

test('a caller that goes away in the middle of its request ends nothing', async () => {
  const socket = connect(socketPath)
  await once(socket, 'connect')
  const head = ['POST /echo HTTP/1.1', 'host: localhost', 'content-length: 100', '', '{'].join('\r\n')
  await new Promise((resolve) => socket.write(head, resolve))
  // The request is in hand once a second one, which came later, is answered.
  expect(await call('GET /status')).toMatch(/^200/)
  socket.destroy()
  await once(socket, 'close')
  expect(await call('GET /status')).toMatch(/^200/)
})

test('a path that cannot be listened at is an error', async () => {
  expect(await serveControl(join(folder, 'nowhere', 'control.sock'), {})).toBeInstanceOf(Error)
})

describe('V22: the lock port, which every user of the machine and every page in a browser can reach', () => {
  let held: HeldPort
  beforeEach(async () => {
    const port = await holdPort(0, 'whose')
    if (!port) throw new Error('no port')
    held = port
  })
  afterEach(() => held.close())

  test.each(['GET /', 'GET /status', 'POST /stop', 'GET /projects', 'POST /projects', 'POST /send', 'PUT //'])(
    '%s tells whose lock it is, and does nothing',
    async (route) => {
      const told = await ask(route, { host: '127.0.0.1', port: held.port }, '{"prompt":"!id"}')
      expect(told).toBe('200 {"kimaki":"whose"}')
    },
  )

  test('under another name not even that', async () => {
    const told = await ask('GET /', { host: '127.0.0.1', port: held.port, headers: { host: 'evil.example' } })
    expect(told).toMatch(/^403/)
  })

  test('one that is taken is not held', async () => {
    expect(await holdPort(held.port, 'another')).toBeUndefined()
  })
})
