/** Taking the lock port from whoever has it. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSilentServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError, isAbortError } from '../../src/base/errors.ts'
import type { ControlRoutes } from '../../src/app/control/server.ts'
import { controlRoutes } from '../../src/cli/commands/routes.ts'
import { takeControl, type Control } from '../../src/cli/control/lock.ts'
import { takeLock, type LockRequest } from '../../src/cli/process/take-over.ts'
import { freePort } from '../support/bot-process.ts'

let dataDir: string
let port: number
let logged: string[]
const open: { close(): Promise<void> }[] = []

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kimaki-lock-'))
  port = await freePort()
  logged = []
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  rmSync(dataDir, { recursive: true })
})

async function take(more: Partial<LockRequest> = {}): Promise<Awaited<ReturnType<typeof takeLock>>> {
  const log = (message: string): void => void logged.push(message)
  const { signal } = new AbortController()
  const taken = await takeLock({
    dataDir,
    port,
    routes: {},
    deadlineMs: 10_000,
    mayAsk: true,
    signal,
    log,
    ...more,
  })
  if ('close' in taken) open.push(taken)
  return taken
}

async function holds(routes: ControlRoutes, folder = dataDir): Promise<Control> {
  const control = await takeControl({ dataDir: folder, port }, routes)
  if (!control || control instanceof Error) throw control ?? new Error('no lock')
  open.push(control)
  return control
}

/** A bot that is asked to go, and goes when it has drained. */
async function aBot(): Promise<{ readonly asked: Promise<unknown>; readonly control: Control }> {
  const asked = Promise.withResolvers<undefined>()
  return {
    asked: asked.promise,
    control: await holds(
      controlRoutes({
        composed: undefined,
        standDown: () => asked.resolve(undefined),
        restart: () => undefined,
        links: { publish: () => undefined, allows: () => false },
      }),
    ),
  }
}

test('a free port is taken without a word', async () => {
  expect(await take()).toMatchObject({ port })
  expect(logged).toEqual([])
})

test('a bot is asked to go, even while it starts, and waited for until it has drained', async () => {
  const bot = await aBot()
  let drained = false
  const taking = take().then((lock) => ({ lock, drained }))
  await bot.asked
  drained = true
  await bot.control.close()
  expect(await taking).toMatchObject({ lock: { port }, drained: true })
  expect(logged).toEqual([`another kimaki (pid ${process.pid}) runs on ${dataDir}: it was asked to go.`])
})

test('a command that only passes through is waited for', async () => {
  const command = await holds({})
  const taking = take()
  const first = await Promise.race([taking, new Promise((resolve) => setTimeout(resolve, 200, 'waits'))])
  expect(first).toBe('waits')
  await command.close()
  expect(await taking).toMatchObject({ port })
})

test('T3: a bot that its wrapper has started again does not ask, and stands down', async () => {
  await aBot()
  expect(await take({ mayAsk: false })).toEqual({ kind: 'stand-down', pid: process.pid })
})

test('T1: a bot of another data folder is a foreign process: the sentence names port and variable', async () => {
  await holds({ 'GET /status': async () => ({ pid: 1 }) }, mkdtempSync(join(dataDir, 'theirs-')))
  const refused = await take()
  expect(refused).toBeInstanceOf(UsageError)
  expect(refused).toMatchObject({
    message: `port ${port}, the lock of ${dataDir}, is taken by another program. Set KIMAKI_LOCK_PORT to a free port, here and for the commands.`,
  })
})

test('T1: a foreign web server is asked nothing that could change it', async () => {
  const methods: string[] = []
  const server = createServer((request, response) => {
    methods.push(request.method ?? '')
    response.end('<h1>Hello</h1>')
  }).listen(port, '127.0.0.1')
  open.push({ close: async () => void (server.closeAllConnections(), server.close()) })
  expect(await take()).toBeInstanceOf(UsageError)
  expect(methods).toEqual(['GET'])
})

test('whoever is told to stop while it waits, stops', async () => {
  await aBot()
  const stop = new AbortController()
  const taking = take({ signal: stop.signal })
  while (logged.length === 0) await new Promise(setImmediate)
  stop.abort()
  await expect(taking).rejects.toSatisfy(isAbortError)
})

describe('a holder that does not answer', () => {
  /** It accepts connections and never says a word. */
  async function silentHolder(): Promise<void> {
    const sockets = new Set<Socket>()
    const server = createSilentServer((socket) => void sockets.add(socket)).listen(port, '127.0.0.1')
    await once(server, 'listening')
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
    open.push({ close })
  }

  test('T2: is left alone when no process is on record', async () => {
    await silentHolder()
    const refused = await take({ deadlineMs: 100 })
    expect(refused).toBeInstanceOf(UsageError)
    expect(refused).toMatchObject({
      message: expect.stringContaining('is taken by a program that does not answer. End it, or set'),
    })
  })

  test('T2: is left alone when the process on record is another one', async () => {
    await silentHolder()
    const record = { pid: process.ppid, startTicks: '1', lockPort: port }
    writeFileSync(join(dataDir, 'bot-process.json'), JSON.stringify(record))
    expect(await take({ deadlineMs: 100 })).toBeInstanceOf(UsageError)
    expect(logged).toEqual([])
  })
})
