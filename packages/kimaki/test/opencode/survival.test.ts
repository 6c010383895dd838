/** Servers and bots that die, in every order. Against the real binary. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAbortError } from '../../src/base/errors.ts'
import { adoptServer } from '../../src/opencode/process/adopt.ts'
import { identify } from '../../src/opencode/process/process.ts'
import type { LiveServer } from '../../src/opencode/process/server.ts'
import type { RememberedServer, ServerRecord } from '../../src/ports/agent.ts'
import type { BotOrders } from './fixtures/bot.ts'
import { createWorld, ids, isAlive, isAssistant, until } from './fixtures/world.ts'
import type { World } from './fixtures/world.ts'
import { pidIn, signalTo } from '../support/pids.ts'

let world: World
const children: ChildProcess[] = []

beforeEach(async () => {
  world = await createWorld(
    [
      { match: 'say hello', steps: [{ kind: 'text', text: 'Hello.' }] },
      {
        match: 'wait for go',
        steps: [
          {
            kind: 'tools',
            calls: [
              {
                name: 'bash',
                args: { command: 'echo $$ > shell.pid; until [ -f go ]; do sleep 0.02; done', description: 'wait' },
              },
            ],
          },
          { kind: 'text', text: 'Went.' },
        ],
      },
    ],
    {},
    'scripted',
  )
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await world.stop()
})

const left = (record: ServerRecord, project: string): RememberedServer => ({
  record,
  directories: [project],
  heartbeatAt: Date.now(),
})

/** Starts a bot; resolves with the line it says. */
async function bot(project: string, text: string, mode: BotOrders['mode']) {
  const orders: BotOrders = {
    environment: world.environment,
    dataDir: join(world.dir, 'kimaki'),
    recordFile: join(world.dir, 'record.json'),
    project,
    session: undefined,
    text,
    ...ids(`bot ${text}`),
    mode,
  }
  const path = fileURLToPath(new URL('fixtures/bot.ts', import.meta.url))
  const child = spawn(process.execPath, [path, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const line = await until('the bot', () => said.includes('\n') && said)
  return { child, ...(JSON.parse(line) as { readonly session: string; readonly record: ServerRecord }) }
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

test('a server that is killed in the middle of a run is reported as lost; the next prompt starts another', async () => {
  const agent = world.agent()
  const project = world.project('killed')
  const session = await agent.session(project)
  await agent.prompt(project, session, 'wait for go')
  const pid = world.memory.record?.pid ?? 0
  const shell = await until('the shell', () => pidIn(join(project, 'shell.pid')))
  signalTo(pid, 'SIGKILL')
  await agent.notice('lost')

  await agent.prompt(project, session, 'say hello')
  expect(await agent.answer(project, session)).toMatch('Hello.')
  expect(world.memory.record?.pid).not.toBe(pid)
  expect(agent.notices.map(({ kind }) => kind)).toEqual(['connected', 'lost', 'connected'])
  const { messages } = await agent.snapshot(project, session)
  expect(messages.find(isAssistant)).toMatchObject({ completed: undefined, parts: [{ kind: 'tool', state: 'running' }] })

  // Its shell does not outlive it: the thread says that the run was cut off.
  expect(isAlive(shell)).toBe(false)
  expect(agent.warnings).toContainEqual(expect.stringContaining('left running is ended'))
})

test('I7: when bot and server are killed together, the next bot ends what the tool still did before it starts a server', async () => {
  const project = world.project('both')
  const { child, record } = await bot(project, 'wait for go', 'wait')
  const shell = await until('the shell', () => pidIn(join(project, 'shell.pid')))
  await kill(child)
  signalTo(record.pid, 'SIGKILL')
  await until('its end', () => !isAlive(record.pid))
  expect(isAlive(shell)).toBe(true)

  world.memory.servers = [left(record, project)]
  await world.agent().session(project)
  expect(isAlive(shell)).toBe(false)
})

test('a server that stands still is told of; it goes on where it stood, or is ended and another one works', async () => {
  const agent = world.agent(1, { silence: { silentMs: 600, deadMs: 1500 } })
  const project = world.project('still')
  const session = await agent.session(project)
  await agent.prompt(project, session, 'wait for go')
  const pid = world.memory.record?.pid ?? 0
  await until('the shell', () => pidIn(join(project, 'shell.pid')))
  signalTo(pid, 'SIGSTOP')
  await agent.notice('silent')
  signalTo(pid, 'SIGCONT')
  await agent.notice('answers')
  writeFileSync(join(project, 'go'), '')
  expect(await agent.answer(project, session)).toMatch('Went.')
  expect(agent.notices.some(({ kind }) => kind === 'lost')).toBe(false)

  signalTo(pid, 'SIGSTOP')
  await agent.notice('lost')
  expect(isAlive(pid)).toBe(false)
  await agent.prompt(project, session, 'say hello')
  expect(await agent.answer(project, session)).toMatch('Hello.')
})

test('A1: the server of a bot that was killed is taken over, with its run', async () => {
  const project = world.project('adopted')
  const { child, record, session } = await bot(project, 'wait for go', 'wait')
  await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')
  await kill(child)

  world.memory.servers = [left(record, project)]
  const agent = world.agent()
  agent.port.warm([project])
  await agent.notice('connected')
  expect(world.memory.record).toEqual(record)
  expect((await agent.snapshot(project, session)).status).toEqual({ kind: 'busy' })
  writeFileSync(join(project, 'go'), '')
  await agent.event(
    'the rest of the run',
    (event) => event.session === session && event.kind === 'part' && event.part.kind === 'text',
  )
  expect(await agent.answer(project, session)).toMatch('Went.')

  signalTo(record.pid, 'SIGKILL')
  await agent.notice('lost')
})

test('S1: a bot that dies before its server is on record leaves no server', async () => {
  const { child, record } = await bot(world.project('forgotten'), 'say hello', 'forget')
  expect(isAlive(record.pid)).toBe(true)
  await kill(child)
  await until('its end', () => !isAlive(record.pid))
})

test.each(['leave', 'end'] as const)('after stop(%s) nothing holds the process, and the server does as told', async (mode) => {
  const project = world.project('stopped')
  const { child, record } = await bot(project, 'wait for go', mode)
  if (child.exitCode === null) await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  expect(isAlive(record.pid)).toBe(mode === 'leave')
  expect(existsSync(join(world.dir, 'record.json'))).toBe(mode === 'leave')
  if (mode === 'leave') world.memory.servers = [left(record, project)] // ended with the world
  world.agent()
})

test('the end takes the agent’s shells along, and ends what is waiting', async () => {
  const agent = world.agent()
  const project = world.project('shells')
  const session = await agent.session(project)
  const pid = world.memory.record?.pid ?? 0
  await agent.prompt(project, session, 'wait for go')
  const shell = await until('the shell', () => pidIn(join(project, 'shell.pid')))
  expect(isAlive(shell)).toBe(true)

  const waiting = agent.port.openSession(project, 'other', false).catch((error: unknown) => error)
  await agent.port.stop('end')
  expect(isAbortError(await waiting)).toBe(true)
  await expect(agent.port.snapshot(project, session)).rejects.toSatisfy(isAbortError)
  expect(isAlive(pid)).toBe(false)
  expect(world.memory.record).toBeUndefined()
  await until('the end of the shell', () => !isAlive(shell))
})

test('S2: a stop during the start leaves nothing', async () => {
  const agent = world.agent()
  const opening = agent.session(world.project('early')).catch((error: unknown) => error)
  const { pid } = await until('a record', () => world.memory.record)
  await agent.port.stop('leave')
  expect(isAbortError(await opening)).toBe(true)
  expect(isAlive(pid)).toBe(false)
})

/** A process with a server's command line that answers nothing. */
async function silent(): Promise<ServerRecord> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '--port', '4567'], { detached: true })
  children.push(child)
  const pid = child.pid ?? 0
  const { startTicks } = await until('the process', () => identify(pid))
  return { pid, startTicks, port: 4567, password: 'x' }
}

function adopt(record: ServerRecord): Promise<LiveServer | undefined> {
  const quiet = () => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const stopped = new AbortController().signal
  return adoptServer(left(record, world.dir), { log, stopped }, 300)
}

test('A4: a recorded process that is another one by now is left alone', async () => {
  const record = await silent()
  expect(await adopt({ ...record, startTicks: '1' })).toBeUndefined()
  expect(await adopt({ ...record, port: 4568 })).toBeUndefined()
  expect(await adopt({ ...record, port: 456 })).toBeUndefined()
  expect(isAlive(record.pid)).toBe(true)
})

test('A2: a recorded server of ours that does not answer is ended', async () => {
  const record = await silent()
  expect(await adopt(record)).toBeUndefined()
  expect(isAlive(record.pid)).toBe(false)
})

test('S1: a server whose record cannot be stored is not used', async () => {
  const agent = world.agent()
  const { write } = world.memory
  world.memory.write = () => Promise.reject(new Error('disk full'))
  const project = world.project('unrecorded')
  const refused = await agent.port.openSession(project, 'mark', false)
  expect(refused).toMatchObject({ _tag: 'AgentUnavailable', reason: expect.stringContaining('record') })
  world.memory.write = write
  await agent.session(project)
})
