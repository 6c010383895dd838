/** What the agent asks for: it comes up under the root session, and can be rejected. Against the real binary. */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ask } from '../../src/domain/agent.ts'
import { HttpClient } from '../../src/opencode/wire/http.ts'
import { SessionEvents } from '../../src/opencode/wire/session-events.ts'
import { readSnapshot } from '../../src/opencode/session/snapshot.ts'
import { createWorld, isAssistant, must, until } from './fixtures/world.ts'
import type { TestAgent, World } from './fixtures/world.ts'

let world: World
let agent: TestAgent
/** Projects, one that asks before each command: another one would cost OpenCode a second of CPU time. */
let asking: string
let free: string

const bash = (command: string) => ({ name: 'bash', args: { command, description: 'x' } })
const questions = [
  { question: 'Which colour?', header: 'Colour', options: [{ label: 'Red', description: 'r' }] },
  { question: 'Which size?', header: 'Size', options: [{ label: 'S', description: 's' }] },
]

beforeAll(async () => {
  world = await createWorld([
    {
      match: 'run it',
      steps: [
        { kind: 'tools', calls: [bash('echo ran > ran.txt')] },
        { kind: 'text', text: 'Ran.' },
      ],
    },
    {
      match: /open (\S+)/,
      steps: ([, filePath]) => [
        { kind: 'tools', calls: [{ name: 'read', args: { filePath } }] },
        { kind: 'text', text: 'Opened.' },
      ],
    },
    {
      match: 'ask me',
      steps: [
        { kind: 'tools', calls: [{ name: 'question', args: { questions } }] },
        { kind: 'text', text: 'Asked.' },
      ],
    },
    {
      match: 'the child job',
      steps: [
        { kind: 'tools', calls: [bash('echo child')] },
        { kind: 'text', text: 'Child end.' },
      ],
    },
    {
      match: 'delegate',
      steps: [
        {
          kind: 'tools',
          calls: [{ name: 'task', args: { description: 'job', subagent_type: 'general', prompt: 'the child job' } }],
        },
        { kind: 'text', text: 'Delegated.' },
      ],
    },
  ])
  agent = world.agent()
  asking = world.project('asking', { permission: { bash: 'ask' } })
  free = world.project('free')
})
afterAll(() => world.stop())

async function askOf(session: string, known: readonly string[] = []): Promise<Ask> {
  const event = await agent.event(
    'an ask',
    (event) => event.kind === 'asked' && event.session === session && !known.includes(event.ask.id),
  )
  if (event.kind !== 'asked') throw new Error('no ask')
  return event.ask
}

const lastTool = async (project: string, session: string) => {
  const { messages } = await agent.until('the end', project, session, ({ status }) => status.kind === 'idle')
  return messages
    .filter(isAssistant)
    .flatMap(({ parts }) => parts)
    .findLast(({ kind }) => kind === 'tool')
}

test('a permission is asked for; rejected, the tool fails and the run ends; rejecting again is fine', async () => {
  const project = asking
  const session = await agent.session(project)
  await agent.prompt(project, session, 'run it')
  const ask = await askOf(session)
  expect(ask).toMatchObject({ kind: 'permission', session, title: 'bash: echo ran > ran.txt' })
  must(await agent.port.reject(project, ask))

  expect(await lastTool(project, session)).toMatchObject({ state: 'error', error: expect.stringContaining('rejected') })
  must(await agent.port.reject(project, ask))
})

test('rejected with words, the tool fails with them and the agent goes on', async () => {
  const session = await agent.session(asking)
  await agent.prompt(asking, session, 'run it')
  const ask = await askOf(session)
  expect(ask).toMatchObject({
    permission: 'bash',
    patterns: ['echo ran > ran.txt'],
    always: ['echo *'],
    details: { kind: 'command', text: 'echo ran > ran.txt' },
  })
  must(await agent.port.reject(asking, ask, 'use printf'))
  expect(await lastTool(asking, session)).toMatchObject({ state: 'error', error: expect.stringContaining('use printf') })
  expect(agent.events).toContainEqual({ kind: 'ask-answered', session, askId: ask.id, isRejected: true })
  expect(world.model.log.at(-1)).toMatchObject({ step: 'text' })
})

test('questions are answered, in words of their own too; answering again is fine', async () => {
  const session = await agent.session(free)
  await agent.prompt(free, session, 'ask me')
  const ask = await askOf(session)
  expect(ask.questions).toEqual([
    { header: 'Colour', text: 'Which colour?', options: [{ label: 'Red', description: 'r' }], multiple: false },
    { header: 'Size', text: 'Which size?', options: [{ label: 'S', description: 's' }], multiple: false },
  ])
  must(await agent.port.answer(free, ask, [['Red'], ['very large']]))
  expect(await lastTool(free, session)).toMatchObject({ tool: 'question', state: 'completed' })
  expect(agent.events).toContainEqual({ kind: 'ask-answered', session, askId: ask.id, isRejected: false })
  must(await agent.port.answer(free, ask, [['Red'], ['S']]))
})

/** Ids of the permissions that OpenCode itself lists. */
async function listedIn(directory: string): Promise<readonly string[]> {
  const { record } = world.memory
  if (!record) throw new Error('no server')
  const http = new HttpClient(record, new AbortController().signal)
  const { json } = must(await http.call({ method: 'GET', path: '/permission', directory }))
  http.close()
  return (json as readonly { readonly id: string }[]).map(({ id }) => id)
}

test('an ask whose run was aborted is told no more, though OpenCode lists it', async () => {
  const session = await agent.session(asking)
  await agent.prompt(asking, session, 'run it')
  const ask = await askOf(session)
  must(await agent.port.abort(asking, session))
  await agent.until('the end', asking, session, ({ status }) => status.kind === 'idle')
  await agent.prompt(asking, session, 'now run it')
  const second = await askOf(session, [ask.id])
  const before = agent.events.length
  must(await agent.port.snapshot(asking, session))
  const told = agent.events.slice(before).flatMap((event) => (event.kind === 'asked' ? [event.ask.id] : []))
  expect(told).toEqual([second.id])
  expect(await listedIn(asking), 'red control: whoever trusts the list asks twice').toEqual(
    expect.arrayContaining([ask.id, second.id]),
  )
  must(await agent.port.reject(asking, second))
  await agent.until('the end', asking, session, ({ status }) => status.kind === 'idle')
})

test('a path outside the project is asked for by its folder; allowed once, it is read, and allowing again is fine', async () => {
  const project = world.project('outside')
  const file = join(world.project('sent'), 'notes.txt')
  writeFileSync(file, 'words')
  const session = await agent.session(project)
  await agent.prompt(project, session, `open ${file}`)
  const ask = await askOf(session)
  expect(ask.outside).toEqual([join(dirname(file), '*')])
  must(await agent.port.allow(project, ask))

  expect(await lastTool(project, session)).toMatchObject({ tool: 'read', state: 'completed' })
  must(await agent.port.allow(project, ask))
})

test('a question is rejected the same way, even when the folder it is told is not the session’s', async () => {
  const project = free
  const session = await agent.session(project)
  await agent.prompt(project, session, 'ask me')
  const ask = await askOf(session)
  expect(ask).toMatchObject({ kind: 'question', session, title: 'Which colour? / Which size?' })
  must(await agent.port.reject(asking, ask))

  expect(await lastTool(project, session)).toMatchObject({ tool: 'question', state: 'error' })
  must(await agent.port.reject(project, ask))
})

test('of a subagent nothing comes up but its ask, under the root session', async () => {
  const project = asking
  const session = await agent.session(project)
  await agent.prompt(project, session, 'delegate')
  const ask = await askOf(session)
  expect(ask.session).not.toBe(session)
  expect(ask.title).toBe('bash: echo child')
  must(await agent.port.reject(project, ask))
  await agent.until('the end', project, session, ({ status }) => status.kind === 'idle')

  const mine = agent.events.filter((event) => event.session === session)
  expect(agent.events.filter((event) => event.session === ask.session)).toEqual([])
  expect(mine.flatMap((event) => (event.kind === 'part' && event.part.kind === 'tool' ? [event.part.tool] : []))).not.toContain(
    'bash',
  )
})

test('a snapshot tells asks that came while nobody listened, to the session they belong to', async () => {
  const project = asking
  const session = await agent.session(project)
  const other = await agent.session(project)
  await agent.prompt(project, session, 'delegate')
  const ask = await askOf(session)
  const heard = agent.events.length
  await agent.snapshot(project, other)
  await agent.snapshot(project, session)
  const asks = agent.events.slice(heard).filter((event) => event.kind === 'asked')
  expect(asks).toEqual([{ kind: 'asked', session, ask }])

  must(await agent.port.abort(project, session))
  const later = agent.events.length
  await agent.snapshot(project, session)
  expect(agent.events.slice(later).filter((event) => event.kind === 'asked')).toEqual([])
})

test('a snapshot is whole however many pages it takes', async () => {
  const project = free
  const session = await agent.session(project)
  await agent.prompt(project, session, 'run it')
  await agent.answer(project, session)
  const { record } = world.memory
  if (!record) throw new Error('no server')
  const http = new HttpClient(record, new AbortController().signal)
  const ignore = () => undefined
  const events = new SessionEvents({ onEvent: ignore, lookUp: async () => undefined, onMissed: ignore })
  const read = await until('a page', () => readSnapshot({ http, events }, session, 1))
  http.close()
  const whole = await agent.snapshot(project, session)
  expect(must(read).messages).toEqual(whole.messages)
  expect(whole.messages.map(({ kind }) => kind)).toEqual(['user', 'assistant', 'assistant'])
})
