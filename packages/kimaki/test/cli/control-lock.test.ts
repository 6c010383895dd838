/** The lock of a data folder: a port that strangers may take first, and a socket that they can neither open nor stand behind. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { readConfig, type Config } from '../../src/cli/config.ts'
import { throughBotOrStore } from '../../src/cli/control/bot-or-store.ts'
import { callControl } from '../../src/cli/control/call.ts'
import { takeControl, type Control } from '../../src/cli/control/lock.ts'
import { openSocketPath } from '../../src/cli/control/socket.ts'
import { takeLock } from '../../src/cli/process/take-over.ts'
import { identify } from '../../src/opencode/process/process.ts'
import { freePort } from '../support/bot-process.ts'

let folder: string
let dataDir: string
let port: number
const ends: (() => unknown)[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kimaki-lock-'))
  dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  port = await freePort()
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  rmSync(folder, { recursive: true })
})

async function holds(routes: Parameters<typeof takeControl>[1] = {}, place = { dataDir, port }): Promise<Control> {
  const control = await takeControl(place, routes)
  if (!control || control instanceof Error) throw control ?? new Error('no lock')
  ends.push(() => control.close())
  return control
}

const start = (deadlineMs = 10_000): ReturnType<typeof takeLock> =>
  takeLock({
    dataDir,
    port,
    routes: {},
    deadlineMs,
    mayAsk: true,
    signal: new AbortController().signal,
    log: () => undefined,
  })

function config(): Config {
  const read = readConfig({ dataDir }, { KIMAKI_LOCK_PORT: String(port) })
  if (read instanceof Error) throw read
  return read
}

const SECRET = 'a-secret-of-an-older-kimaki'
const status = (path = dataDir): ReturnType<typeof callControl> =>
  callControl({ dataDir: path, method: 'GET', path: '/status', timeoutMs: 10_000 })

describe('V22: another user of the machine has taken the lock port first', () => {
  let heard: string
  const answers = {
    'as a bot': '200 OK\r\n\r\n{"pid":1}',
    'as a kimaki of an older version': '401 Unauthorized\r\n\r\n{"error":"the token is missing or wrong"}',
    'as a web page': '200 OK\r\n\r\n<h1>hello</h1>',
    'with nothing': '',
  }

  async function thief(answer: string): Promise<void> {
    heard = ''
    const sockets = new Set<Socket>()
    const server: Server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        heard += bytes.toString()
        if (answer !== '') socket.end(`HTTP/1.1 ${answer}`)
      })
    })
    await once(server.listen(port, '127.0.0.1'), 'listening')
    ends.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    writeFileSync(join(dataDir, 'control-token'), SECRET)
  }

  test.each(Object.entries(answers))('who answers %s hears a start ask one empty question, and no secret', async (_, answer) => {
    await thief(answer)
    expect(await start(300)).toBeInstanceOf(UsageError)
    const calls = heard.split('\r\n\r\n').filter(Boolean)
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) {
      expect(call).toMatch(/^GET \/ HTTP\/1\.1\r\n/)
      expect(call).not.toMatch(/authorization|cookie/i)
    }
    expect(heard).not.toContain(SECRET)
  })

  test.each([answers['as a bot'], answers['as a web page']])('a command tells it nothing either: %j', async (answer) => {
    await thief(answer)
    const told = await throughBotOrStore(config(), {
      call: { method: 'POST', path: '/send', body: { prompt: 'words of a person' } },
      withStore: async () => new Error('the database is not opened without the lock'),
    })
    expect(told).toMatchObject({
      message: expect.stringMatching(/is taken, but no kimaki answers in that folder.*KIMAKI_LOCK_PORT/),
    })
    expect(heard).toMatch(/^GET \/ HTTP/)
    for (const secret of [SECRET, 'words of a person', 'POST']) expect(heard).not.toContain(secret)
  })
})

describe('V22: a kimaki from before the socket holds the port', () => {
  const OLDER = `require('node:http').createServer((request, response) => {
    console.log(JSON.stringify(request.headers))
    response.writeHead(request.headers.authorization === 'Bearer ${SECRET}' ? 200 : 401)
    response.end('{"error":"the token is missing or wrong"}')
  }).listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listens'))`

  async function older(): Promise<{ readonly child: ChildProcess; readonly said: () => string }> {
    const child = spawn(process.execPath, ['-e', OLDER, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
    ends.push(() => child.kill('SIGKILL'))
    let said = ''
    await new Promise((resolve) => child.stdout.on('data', (chunk: Buffer) => resolve((said += chunk.toString()))))
    writeFileSync(join(dataDir, 'control-token'), SECRET)
    return { child, said: () => said }
  }

  test('T5: it is never sent its secret; the process on record is killed after the deadline, and succeeded', async () => {
    const { child, said } = await older()
    const { startTicks } = identify(child.pid ?? 0) ?? {}
    writeFileSync(join(dataDir, 'bot-process.json'), JSON.stringify({ pid: child.pid, startTicks, lockPort: port }))
    const dead = once(child, 'exit')
    const lock = await start(300)
    if (lock instanceof Error || 'kind' in lock) throw new Error('no lock')
    ends.push(() => lock.close())
    expect(await dead).toEqual([null, 'SIGKILL'])
    expect(said()).toContain('"host"')
    expect(said()).not.toMatch(/authorization/i)
  })

  test('T5: one that is not on record is left alone', async () => {
    const { child } = await older()
    expect(await start(200)).toBeInstanceOf(UsageError)
    expect(child.exitCode ?? child.signalCode).toBeNull()
  })
})

describe('V22: the socket', () => {
  test('is closed to other users, and gone with its bot', async () => {
    const control = await holds({ 'GET /status': async () => 'here' })
    const found = lstatSync(join(dataDir, 'control.sock'))
    expect([found.isSocket(), (found.mode & 0o777).toString(8)]).toEqual([true, '600'])
    expect(await status()).toEqual({ kind: 'answer', status: 200, body: 'here' })
    await control.close()
    expect(readdirSync(dataDir)).toEqual([])
    expect(await status()).toEqual({ kind: 'nobody' })
    await holds({ 'GET /status': async () => 'the next' })
    await control.close()
    expect(await status()).toMatchObject({ body: 'the next' })
  })

  test('of a bot that was killed is replaced', async () => {
    const elsewhere = join(folder, 'elsewhere.sock')
    const server = createServer()
    await once(server.listen(elsewhere), 'listening')
    renameSync(elsewhere, join(dataDir, 'control.sock'))
    await new Promise((resolve) => server.close(resolve))
    expect(existsSync(join(dataDir, 'control.sock'))).toBe(true)
    expect(await status()).toEqual({ kind: 'nobody' })
    await holds({ 'GET /status': async () => 'here' })
    expect(await status()).toMatchObject({ body: 'here' })
  })

  test('lies in a folder of any name: 150 bytes and more', async () => {
    const place = { dataDir: join(dataDir, 'long'.repeat(30), '鯨'.repeat(40)), port }
    mkdirSync(place.dataDir, { recursive: true, mode: 0o700 })
    expect(Buffer.byteLength(place.dataDir)).toBeGreaterThan(250)
    const control = await holds({ 'GET /status': async () => 'here' }, place)
    expect(readdirSync(place.dataDir)).toEqual(['control.sock'])
    expect(await status(place.dataDir)).toMatchObject({ body: 'here' })
    expect(await takeControl({ ...place, port: 0 }, {})).toBeUndefined()
    await control.close()
    expect(readdirSync(place.dataDir)).toEqual([])
  })

  test('is refused with a sentence where a system has no way to name it', () => {
    expect(openSocketPath(`/${'x'.repeat(150)}`, 'darwin')).toMatchObject({
      message: expect.stringMatching(/too long for a socket in it\. Choose a shorter one with --data-dir/),
    })
    expect(openSocketPath(`/${'x'.repeat(80)}`, 'darwin')).toMatchObject({ path: expect.stringMatching(/control\.sock$/) })
  })

  test('L2: that somebody serves is not replaced, though the port is another one', async () => {
    await holds({ 'GET /status': async () => 'first' })
    expect(await takeControl({ dataDir, port: await freePort() }, {})).toBeUndefined()
    expect(await status()).toMatchObject({ body: 'first' })
  })

  test('that cannot be made is an error, and leaves the port free', async () => {
    mkdirSync(join(dataDir, 'control.sock'))
    expect(await takeControl({ dataDir, port }, {})).toBeInstanceOf(Error)
    rmSync(join(dataDir, 'control.sock'), { recursive: true })
    await holds()
  })
})

test('commands that come at the same moment wait for each other', async () => {
  const read = (): Promise<unknown> =>
    throughBotOrStore(config(), { call: { method: 'GET', path: '/projects' }, withStore: async (store) => store.projects() })
  expect(await Promise.all([read(), read(), read()])).toEqual([[], [], []])
})

test.each([
  ['before it reads the call', 0],
  ['while it is at it', 1],
])('a holder that ends %s is not the last word: the command goes on without it', async (_, reads) => {
  const lock = createServer()
  await once(lock.listen(port, '127.0.0.1'), 'listening')
  const holder = createServer((socket) => {
    const end = (): void => {
      holder.close()
      lock.close()
      rmSync(join(dataDir, 'control.sock'), { force: true })
      socket.destroy()
    }
    socket.on('error', () => undefined)
    if (reads === 0) end()
    else socket.once('data', end)
  })
  await once(holder.listen(join(dataDir, 'control.sock')), 'listening')
  const call = { method: 'POST', path: '/send', body: {} } as const
  expect(await throughBotOrStore(config(), { call, withStore: async () => 'in the store' })).toBe('in the store')
})

test('a link to the data folder is the same folder', async () => {
  symlinkSync(dataDir, join(folder, 'link'))
  await holds({ 'GET /status': async () => 'here' })
  expect(await status(join(folder, 'link'))).toMatchObject({ body: 'here' })
  expect(await takeControl({ dataDir: join(folder, 'link'), port: 0 }, {})).toBeUndefined()
})
