/** Taking the lock port from whoever has it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listenForControl, type Control, type ControlRoutes } from '../../src/app/control/server.ts'
import { controlRoutes } from '../../src/cli/control/routes.ts'
import { takeLock, type Lock } from '../../src/cli/process/take-over.ts'
import { freePort } from '../support/bot-process.ts'

let dataDir: string
let port: number
let words: string[]
const open: { close(): Promise<void> }[] = []

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kimaki-lock-'))
  port = await freePort()
  words = []
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  rmSync(dataDir, { recursive: true })
})

async function take(more: Partial<Lock> = {}): Promise<Awaited<ReturnType<typeof takeLock>>> {
  const say = (line: string): void => void words.push(line)
  const taken = await takeLock({ dataDir, port, token: 'ours', routes: {}, mayAsk: true, stopped: () => false, say, ...more })
  if ('close' in taken) open.push(taken)
  return taken
}

async function holds(routes: ControlRoutes, token = 'ours'): Promise<Control> {
  const control = await listenForControl(port, token, routes)
  if (!control) throw new Error('no port')
  open.push(control)
  return control
}

/** A bot that is asked to go, and goes when it has drained. */
async function aBot(): Promise<{ readonly asked: Promise<unknown>; readonly control: Control }> {
  const asked = Promise.withResolvers<undefined>()
  return {
    asked: asked.promise,
    control: await holds(controlRoutes({ composed: undefined, takenOver: () => asked.resolve(undefined) })),
  }
}

test('a free port is taken without a word', async () => {
  expect(await take()).toMatchObject({ port })
  expect(words).toEqual([])
})

test('a bot is asked to go, even while it starts, and waited for until it has drained', async () => {
  const bot = await aBot()
  let drained = false
  const taking = take().then((lock) => ({ lock, drained }))
  await bot.asked
  drained = true
  await bot.control.close()
  expect(await taking).toMatchObject({ lock: { port }, drained: true })
  expect(words).toEqual([`another kimaki (pid ${process.pid}) runs on ${dataDir}: it was asked to go.`])
})

test('a command that only passes through is waited for', async () => {
  const command = await holds({})
  const taking = take()
  const first = await Promise.race([taking, new Promise((resolve) => setTimeout(resolve, 200, 'waits'))])
  expect(first).toBe('waits')
  await command.close()
  expect(await taking).toMatchObject({ port })
})

test('a bot that its wrapper has started again does not ask, and yields', async () => {
  await aBot()
  expect(await take({ mayAsk: false })).toEqual({ kind: 'yields', pid: process.pid })
})

test('a bot of another data folder is a stranger: the sentence names port and variable', async () => {
  await holds({ 'GET /status': async () => ({ pid: 1 }) }, 'theirs')
  expect(await take()).toEqual({
    kind: 'refused',
    reason: `port ${port}, the lock of ${dataDir}, is taken by another program. Set KIMAKI_LOCK_PORT to a free port, here and for the commands.`,
  })
})

test('a foreign web server is a stranger, and is asked nothing that could change it', async () => {
  const methods: string[] = []
  const server = createServer((request, response) => {
    methods.push(request.method ?? '')
    response.end('<h1>Hello</h1>')
  }).listen(port, '127.0.0.1')
  open.push({ close: async () => void (server.closeAllConnections(), server.close()) })
  expect(await take()).toMatchObject({ kind: 'refused' })
  expect(methods).toEqual(['GET'])
})

test('whoever is told to stop while it waits, stops', async () => {
  await aBot()
  let stopped = false
  const taking = take({ stopped: () => stopped })
  while (words.length === 0) await new Promise(setImmediate)
  stopped = true
  expect(await taking).toEqual({ kind: 'stopped' })
})
