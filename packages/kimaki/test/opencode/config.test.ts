/** opencode.json: a broken file is reported with its reason and read again once it is corrected; an edited file is read with the next prompt. Against the real binary. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigBroken } from '../../src/base/errors.ts'
import { configFor, createWorld, isAlive, must, until } from './fixtures/world.ts'
import type { TestAgent, World } from './fixtures/world.ts'

let world: World
let agent: TestAgent

beforeAll(async () => {
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
  agent = world.agent()
})
afterAll(() => world.stop())

const open = (project: string) => agent.port.openSession(project, 'mark', false)

test('a broken file is named with its reason, its content is not', async () => {
  const broken = world.project('json', '{ "model": "secret-key')
  const result = await open(broken)
  expect(result).toBeInstanceOf(ConfigBroken)
  expect(result).toMatchObject({ file: join(broken, 'opencode.json'), reason: expect.stringMatching(/at line 1, column \d+/) })
  expect(inspect(result)).not.toContain('secret-key')

  const invalid = world.project('invalid', {})
  mkdirSync(join(invalid, '.opencode'))
  writeFileSync(join(invalid, '.opencode/opencode.jsonc'), '{ "agent": 3 }')
  expect(await open(invalid)).toMatchObject({
    _tag: 'ConfigBroken',
    file: join(invalid, '.opencode/opencode.jsonc'),
    reason: expect.stringMatching(/^agent: Expected object/),
  })
})

test('as long as nothing changes the server is left alone; once corrected it works', async () => {
  const project = world.project('corrected', '{')
  const first = await open(project)
  const pid = world.memory.record?.pid
  expect(await open(project)).toEqual(first)
  expect(world.memory.record?.pid).toBe(pid)

  writeFileSync(join(project, 'opencode.json'), configFor(world.model))
  const { session } = must(await open(project))
  await agent.prompt(project, session, 'say hello')
  expect(await agent.answer(project, session)).toMatch('Hello.')
  expect(world.memory.record?.pid).not.toBe(pid)
  const lost = { kind: 'lost', reason: expect.stringContaining('configuration') }
  expect(agent.notices).toContainEqual(expect.objectContaining(lost))
})

test('a corrected file waits until no other session runs', async () => {
  const busy = world.project('other')
  const session = await agent.session(busy)
  const project = world.project('waits', '{')
  expect(await open(project)).toBeInstanceOf(ConfigBroken)
  const pid = world.memory.record?.pid
  await agent.prompt(busy, session, 'wait for go')
  await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')

  writeFileSync(join(project, 'opencode.json'), configFor(world.model))
  const opened = open(project)
  await agent.snapshot(busy, session)
  expect(world.memory.record?.pid).toBe(pid)
  writeFileSync(join(busy, 'go'), '')
  must(await opened)
  expect(await agent.answer(busy, session)).toMatch('Went.')
  expect(world.memory.record?.pid).not.toBe(pid)
})

test('what is edited later is read with the next prompt; a run that goes on is not disturbed', async () => {
  const project = world.project('edited')
  const session = await agent.session(project)
  await agent.prompt(project, session, 'wait for go')
  await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')
  const pid = world.memory.record?.pid
  expect(must(await agent.port.commands(project))).not.toContain('greet')
  mkdirSync(join(project, '.opencode/command'), { recursive: true })
  writeFileSync(join(project, '.opencode/command/greet.md'), 'say hello')
  expect(must(await agent.port.commands(project))).not.toContain('greet')
  writeFileSync(join(project, 'go'), '')
  expect(await agent.answer(project, session)).toMatch('Went.')

  expect(must(await agent.port.commands(project))).toContain('greet')
  expect(world.memory.record?.pid).toBe(pid)
  await agent.prompt(project, session, 'say hello')
  expect(await agent.answer(project, session)).toMatch('Hello.')
})

test('a session whose model is gone takes the one a new session would', async () => {
  const project = world.project('model', { model: 'nowhere/none' })
  const session = await agent.session(project)
  await agent.prompt(project, session, 'say hello')
  await agent.event('the failure', (event) => event.kind === 'failure' && event.session === session)
  writeFileSync(join(project, 'opencode.json'), configFor(world.model))
  await agent.prompt(project, session, 'now say hello')
  expect(await agent.answer(project, session)).toMatch('Hello.')
  await agent.prompt(project, session, 'and again say hello')
  expect(await agent.answer(project, session)).toMatch('Hello.')
})

test('a broken configuration of the user keeps any server from starting, until it is corrected', async () => {
  await agent.port.stop('end')
  const folder = join(world.environment['XDG_CONFIG_HOME'] ?? '', 'opencode')
  const file = join(folder, 'opencode.json')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, '{ "model": "secret-key')
  agent = world.agent()
  const project = world.project('global')
  const result = await open(project)
  expect(result).toBeInstanceOf(ConfigBroken)
  expect(result).toMatchObject({ file, reason: expect.stringMatching(/^\w+ at line 1, column \d+/) })
  expect(inspect([result, agent.warnings])).not.toContain('secret-key')
  expect(await open(project)).toEqual(result)
  writeFileSync(file, '{}')
  must(await open(project))
})

test('Q4: the failure of a server of an earlier run is not believed: the file may long be corrected', async () => {
  const project = world.project('earlier', '{')
  expect(await open(project)).toBeInstanceOf(ConfigBroken)
  await agent.port.stop('leave')
  const pid = world.memory.record?.pid
  writeFileSync(join(project, 'opencode.json'), configFor(world.model))

  const next = world.agent()
  must(await next.port.openSession(project, 'mark', false))
  expect(world.memory.record?.pid).not.toBe(pid)

  // Still broken: a fresh server says so, and is believed.
  const broken = world.project('broken', '{')
  const fresh = world.memory.record?.pid
  expect(await next.port.openSession(broken, 'mark', false)).toBeInstanceOf(ConfigBroken)
  expect(world.memory.record?.pid).toBe(fresh)
  await until('the old server is gone', () => pid !== undefined && !isAlive(pid))
})
