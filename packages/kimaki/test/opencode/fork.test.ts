/** A copy of a session, made while the session works. Against the real binary. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SessionGone } from '../../src/base/errors.ts'
import type { Snapshot } from '../../src/domain/agent.ts'
import { HttpClient } from '../../src/opencode/wire/http.ts'
import type { ForkRequest } from '../../src/ports/agent.ts'
import { createWorld, isAssistant, must } from './fixtures/world.ts'
import type { TestAgent, World } from './fixtures/world.ts'

let world: World
let agent: TestAgent

beforeAll(async () => {
  world = await createWorld([
    {
      match: 'wait for go',
      steps: [
        {
          kind: 'tools',
          text: 'I wait.',
          calls: [{ name: 'bash', args: { command: 'until [ -f go ]; do sleep 0.02; done', description: 'wait' } }],
        },
        { kind: 'text', text: 'Went.' },
      ],
    },
    { match: /(say \w+)/, steps: ([, words]) => [{ kind: 'text', text: `You ${words}.` }] },
  ])
  agent = world.agent()
})
afterAll(() => world.stop())

const request = (directory: string, session: string, mark: string, isRetry = false): ForkRequest => ({
  directory,
  session,
  mark,
  title: `btw: ${mark}`,
  isRetry,
})
const http = () => {
  const [server] = world.memory.read()
  if (!server) throw new Error('no server')
  return new HttpClient(server.record, new AbortController().signal)
}
const call = async (...facts: Parameters<ReturnType<typeof http>['call']>) => {
  const calls = http()
  const answer = must(await calls.call(...facts))
  calls.close()
  return answer.json
}
interface Copy {
  readonly id: string
  readonly title: string
}
const copies = async (directory: string): Promise<readonly Copy[]> =>
  (await call({ method: 'GET', path: '/session', directory, query: { roots: 'true' } })) as readonly Copy[]
const created = ({ messages }: Snapshot): number => Math.max(...messages.map((message) => message.created))

test('all that was said stands in the copy, which does not run; the source works on and knows nothing of it', async () => {
  const project = world.project('running')
  const session = await agent.session(project)
  await agent.prompt(project, session, 'say hello')
  await agent.answer(project, session)
  await agent.prompt(project, session, 'wait for go')
  await agent.event('the tool', (event) => event.kind === 'part' && event.part.kind === 'tool' && event.part.state === 'running')
  const fork = must(await agent.port.fork(request(project, session, 'a')))
  const copy = await agent.snapshot(project, fork.session)
  expect(copy.status).toEqual({ kind: 'idle' })
  expect(copy.title).toBe('btw: a')
  expect(copy.messages).toHaveLength(4)
  expect(fork.upTo).toBe(created(copy))

  await agent.prompt(project, fork.session, 'say aside', { answeredBy: fork.as })
  expect(await agent.answer(project, fork.session)).toMatch('You say aside.')
  const heard = world.model.log.findLast((entry) => entry.sessionId === fork.session && entry.hasTools)
  expect(heard?.userTexts).toEqual(['say hello', 'wait for go', 'say aside'])

  const source = await agent.snapshot(project, session)
  expect(source.status).toEqual({ kind: 'busy' })
  writeFileSync(join(project, 'go'), '')
  expect(await agent.answer(project, session)).toMatch('Went.')
  expect((await agent.snapshot(project, session)).messages).toHaveLength(5)
})

test('a copy is found again by its mark, wherever the bot died while it made one', async () => {
  const project = world.project('marks')
  const session = await agent.session(project)
  await agent.prompt(project, session, 'say hello')
  await agent.answer(project, session)
  const made = must(await agent.port.fork(request(project, session, 'one')))
  expect(must(await agent.port.fork(request(project, session, 'one', true))).session).toBe(made.session)
  const other = must(await agent.port.fork(request(project, session, 'two', true)))
  expect(other.session).not.toBe(made.session)

  // Killed between the copy and its name: what `fork` does up to there.
  await call({ method: 'PATCH', path: `/session/${session}`, body: { metadata: { kimaki: `mark ${project}`, aside: 'three' } } })
  const orphan = (await call({ method: 'POST', path: `/session/${session}/fork`, body: {} })) as { readonly id: string }
  const found = must(await agent.port.fork(request(project, session, 'three', true)))
  expect(found.session).toBe(orphan.id)
  expect((await copies(project)).map(({ title }) => title).filter((title) => title.startsWith('btw: '))).toHaveLength(3)
  // Red control: were it not looked for, there would be another.
  expect(must(await agent.port.fork(request(project, session, 'one'))).session).not.toBe(made.session)
  // The source is still found by its own mark, and no copy is taken for it.
  expect(must(await agent.port.openSession(project, `mark ${project}`, true)).session).toBe(session)
})

test('the copy is answered by the agent and the model of its source', async () => {
  const project = world.project('agents', { agent: { plan: { prompt: 'You plan.' } } })
  const session = await agent.session(project)
  await agent.prompt(project, session, 'say hello', { answeredBy: { agent: 'plan', model: undefined } })
  await agent.answer(project, session)
  const fork = must(await agent.port.fork(request(project, session, 'p')))
  expect(fork.as).toMatchObject({ agent: 'plan', model: { provider: 'scripted', model: 'scripted-model' } })
  await agent.prompt(project, fork.session, 'say aside', { answeredBy: fork.as })
  await agent.answer(project, fork.session)
  const last = (await agent.snapshot(project, fork.session)).messages.findLast(isAssistant)
  expect(last).toMatchObject({ agent: 'plan', model: { provider: 'scripted', model: 'scripted-model' } })

  // Red control: left to itself, it is the default agent that answers.
  const bare = must(await agent.port.fork(request(project, session, 'q')))
  await agent.prompt(project, bare.session, 'say again')
  await agent.answer(project, bare.session)
  expect((await agent.snapshot(project, bare.session)).messages.findLast(isAssistant)).toMatchObject({ agent: 'build' })
})

test('a session that is not there cannot be copied', async () => {
  const project = world.project('gone')
  await agent.session(project)
  const session = 'ses_000000000000000000000000'
  expect(await agent.port.fork(request(project, session, 'x'))).toEqual(new SessionGone({ session }))
})
