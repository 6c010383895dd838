/** Several servers at a time: what one of them suffers, the others do not. Against the real binary. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigBroken } from '../../src/base/errors.ts'
import type { RememberedServer } from '../../src/ports/agent.ts'
import { configFor, createWorld, isAlive, must, until } from './fixtures/world.ts'
import type { TestAgent, World } from './fixtures/world.ts'

const MINUTE_MS = 60_000

let world: World

beforeEach(async () => {
  world = await createWorld(
    [
      { match: 'say hello', steps: [{ kind: 'text', text: 'Hello.' }] },
      {
        match: 'wait for go',
        steps: [
          {
            kind: 'tools',
            calls: [{ name: 'bash', args: { command: 'until [ -f go ]; do sleep 0.02; done', description: 'wait' } }],
          },
          { kind: 'text', text: 'Went.' },
        ],
      },
    ],
    {},
    'scripted',
  )
})
afterEach(() => world.stop())

const pidOf = (directory: string): number =>
  world.memory.servers.find(({ directories }) => directories.includes(directory))?.record.pid ?? -1

async function begin(agent: TestAgent, project: string): Promise<string> {
  const session = await agent.session(project)
  await agent.prompt(project, session, 'wait for go')
  await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')
  return session
}

/** One project runs; another's configuration is broken, then corrected: does the one that runs have to be waited for? */
async function correctBeside(servers: number) {
  const agent = world.agent(servers)
  const project = world.project('broken', '{')
  expect(await agent.port.openSession(project, 'mark', false)).toBeInstanceOf(ConfigBroken)
  const busy = world.project('busy')
  const session = await begin(agent, busy)
  const before = { broken: pidOf(project), busy: pidOf(busy) }
  writeFileSync(join(project, 'opencode.json'), configFor(world.model))
  const opening = agent.port.openSession(project, 'mark', false)
  const opened = await Promise.race([opening, agent.until('a moment', busy, session, pausing(20))])
  return { agent, busy, session, before, project, opening, opened }
}

/** True at the n-th look. */
function pausing(looks: number): () => boolean {
  let count = 0
  return () => (count += 1) > looks
}

test('a corrected project gets another server at once, while the run on the other one goes on', async () => {
  const { agent, busy, session, before, project, opening } = await correctBeside(2)
  must(await opening)
  expect(isAlive(before.broken)).toBe(false)
  expect(pidOf(project)).not.toBe(before.broken)
  expect(pidOf(busy)).toBe(before.busy)
  expect((await agent.snapshot(busy, session)).status).toEqual({ kind: 'busy' })
  writeFileSync(join(busy, 'go'), '')
  expect(await agent.answer(busy, session)).toMatch('Went.')
  expect(agent.notices.filter(({ kind }) => kind === 'lost')).toEqual([
    expect.objectContaining({ directories: [project] }) as unknown,
  ])
})

test('red control: where they share one server the corrected project has to wait, and the run is not cut off for it', async () => {
  const { agent, busy, session, before, project, opening, opened } = await correctBeside(1)
  expect(opened).toHaveProperty('messages')
  expect(before.busy).toBe(before.broken)
  writeFileSync(join(busy, 'go'), '')
  must(await opening)
  expect(pidOf(project)).not.toBe(before.broken)
  expect(await agent.answer(busy, session)).toMatch('Went.')
})

/** A bot that goes and leaves its server; as its successor finds it after `awayMs`. */
async function leave(agent: TestAgent, awayMs: number): Promise<RememberedServer> {
  await agent.port.stop('leave')
  world.memory.servers = world.memory.servers.map((server) => ({ ...server, heartbeatAt: Date.now() - awayMs }))
  const [server] = world.memory.servers
  if (!server) throw new Error('no server')
  return server
}

test.each([
  ['idle for 16 minutes', 16, false, 'is ended and followed by a fresh one'],
  ['idle for 14 minutes', 14, false, 'is taken over'],
  ['busy for 16 minutes', 16, true, 'is taken over, with its run'],
])('a server whose bot was away and that was %s', async (_, minutes, busy, becomes) => {
  const first = world.agent(2)
  const project = world.project('away')
  const session = busy ? await begin(first, project) : await first.session(project)
  const { record } = await leave(first, minutes * MINUTE_MS)
  expect(isAlive(record.pid)).toBe(true)

  const next = world.agent(2)
  if (busy) {
    expect((await next.snapshot(project, session)).status).toEqual({ kind: 'busy' })
    writeFileSync(join(project, 'go'), '')
  } else await next.prompt(project, session, 'say hello')
  expect(await next.answer(project, session)).toMatch(busy ? 'Went.' : 'Hello.')
  expect(pidOf(project) === record.pid).toBe(becomes.startsWith('is taken over'))
  expect(isAlive(record.pid)).toBe(becomes.startsWith('is taken over'))
})

test('A4: a server on record that is somebody else’s by now is left alone; red control: on full record it would be ended', async () => {
  const owner = world.agent(2)
  const theirs = world.project('theirs')
  await owner.session(theirs)
  const [server] = world.memory.servers
  if (!server) throw new Error('no server')
  const { record } = server
  const mine = world.project('mine')
  const wrong = { ...record, password: 'not this one' }

  world.memory.servers = [{ ...server, record: { ...wrong, startTicks: '1' }, directories: [mine] }]
  await world.agent(2).session(mine)
  expect(isAlive(record.pid)).toBe(true)

  world.memory.servers = [{ ...server, record: wrong, directories: [mine] }]
  await world.agent(2).session(mine)
  await until('its end', () => !isAlive(record.pid))
})
