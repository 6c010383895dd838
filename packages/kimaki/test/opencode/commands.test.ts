/** OpenCode's commands: exactly once, like prompts. Against the real binary. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PromptPart } from '../../src/domain/agent.ts'
import { HttpClient } from '../../src/opencode/wire/http.ts'
import type { PromptRequest } from '../../src/ports/agent.ts'
import { createWorld, ids, isAssistant, must, until } from './fixtures/world.ts'
import type { TestAgent, World } from './fixtures/world.ts'

let world: World
let agent: TestAgent
/** A project with commands: another one would cost OpenCode a second of CPU time. */
let directory: string

beforeAll(async () => {
  world = await createWorld([
    {
      match: /wait for (\w+)/,
      steps: ([, file = '']) => [
        {
          kind: 'tools',
          calls: [{ name: 'bash', args: { command: `until [ -f ${file} ]; do sleep 0.02; done`, description: 'w' } }],
        },
        { kind: 'text', text: `Went ${file}.` },
      ],
    },
    { match: /hang (\w+)/, steps: () => [{ kind: 'stall', text: '' }] },
    { match: /GREET ([^\n]*)/, steps: ([, whom]) => [{ kind: 'text', text: `Hello ${whom}.` }] },
  ])
  agent = world.agent()
  directory = project('commands')
})
afterAll(() => world.stop())

function project(name: string): string {
  const folder = world.project(name, { agent: { plan: { prompt: 'You plan.' } } })
  mkdirSync(join(folder, '.opencode/command'), { recursive: true })
  const command = (file: string, words: string) => writeFileSync(join(folder, `.opencode/command/${file}.md`), words)
  command('greet', '---\ndescription: Greets\n---\nGREET $ARGUMENTS\n')
  command('late', 'GREET !`sleep 0.7 && echo late`\n')
  command('slow', 'wait for $1\n')
  command('planned', '---\nagent: plan\n---\nhang $1\n')
  return folder
}

/** `line`: name and arguments. */
function call(directory: string, session: string, line: string, more: Partial<PromptRequest> = {}) {
  const [name = '', args = ''] = line.split(' ')
  return agent.port.prompt({
    directory,
    session,
    messageId: ids(`${session} ${line}`).messageId,
    parts: [],
    isRetry: false,
    resend: false,
    command: { name, args },
    ...more,
  })
}
/** All texts of a session, as OpenCode has them. */
async function textsOf(session: string): Promise<readonly string[]> {
  const [server] = world.memory.read()
  if (!server) throw new Error('no server')
  const http = new HttpClient(server.record, new AbortController().signal)
  const { json } = must(await http.call({ method: 'GET', path: `/session/${session}/message`, directory }))
  http.close()
  const messages = json as readonly { readonly parts: readonly { readonly text?: string }[] }[]
  return messages.flatMap(({ parts }) => parts.map(({ text = '' }) => text))
}
const asked = (session: string) => world.model.log.filter((entry) => entry.sessionId === session && entry.hasTools)

test('their names are known, project by project', async () => {
  expect(must(await agent.port.commands(directory))).toEqual(expect.arrayContaining(['greet', 'slow', 'planned']))
  expect(must(await agent.port.commands(world.project('none')))).not.toContain('greet')
})

test('one is seen before its run ends, under our id, and answered once; asked again it is not run again', async () => {
  const session = await agent.session(directory)
  const { created } = must(await call(directory, session, 'slow go'))
  expect((await agent.snapshot(directory, session)).status).toEqual({ kind: 'busy' })
  expect(must(await call(directory, session, 'slow go', { isRetry: true }))).toEqual({ created })
  writeFileSync(join(directory, 'go'), '')
  expect(await agent.answer(directory, session)).toMatch('Went go.')
  const { messages } = await agent.snapshot(directory, session)
  expect(messages.filter(({ kind }) => kind === 'user').map(({ id }) => id)).toEqual([ids(`${session} slow go`).messageId])
  expect(asked(session).at(-1)?.userTexts).toEqual(['wait for go'])
})

test('asked again while its words are still being made, it is waited for: they stand there once', async () => {
  const session = await agent.session(directory)
  const first = call(directory, session, 'late')
  const again = call(directory, session, 'late', { isRetry: true })
  expect(must(await again)).toEqual(must(await first))
  expect(await agent.answer(directory, session)).toMatch('Hello late.')
  expect(asked(session).at(-1)?.userTexts).toEqual([expect.stringMatching(/^GREET late\n?$/)])

  // Red control: were it not waited for, they would stand there twice.
  const other = must(await agent.port.openSession(directory, 'other', false)).session
  await Promise.all([call(directory, other, 'late'), call(directory, other, 'late')])
  const isSaidTwice = async () => (await textsOf(other)).filter((text) => text.includes('GREET late')).length === 2
  await until('the words twice', isSaidTwice)
})

test('given while another run goes on it is read at the next step', async () => {
  const session = await agent.session(directory)
  await agent.prompt(directory, session, 'wait for it')
  await agent.event('the tool', (event) => event.session === session && event.kind === 'part' && event.part.kind === 'tool')
  must(await call(directory, session, 'greet ada'))
  writeFileSync(join(directory, 'it'), '')
  expect(await agent.answer(directory, session)).toMatch('Hello ada.')
})

test('texts beside it go along as files: nothing of them is expanded (P-034)', async () => {
  const session = await agent.session(directory)
  const parts: readonly PromptPart[] = [
    { type: 'text', id: ids('beside').partId, text: 'quoted !`touch expanded`', synthetic: true },
  ]
  must(await call(directory, session, 'greet ada', { parts }))
  await agent.answer(directory, session)
  expect(asked(session).at(-1)?.userTexts.at(-1)).toMatch(/^GREET ada\n[^]*quoted !`touch expanded`/)
  expect(existsSync(join(directory, 'expanded'))).toBe(false)
})

test('run again after a cut it keeps its words and its agent; red control: called again, it would say them twice', async () => {
  const session = await agent.session(directory)
  must(await call(directory, session, 'planned one'))
  await world.model.until('the request', (entry) => entry.sessionId === session && entry.hasTools)
  must(await agent.port.abort(directory, session))
  must(await call(directory, session, 'planned one', { isRetry: true, resend: true }))
  await world.model.until('the second request', () => asked(session).length > 1)
  const words = () =>
    asked(session)
      .at(-1)
      ?.userTexts.join('\n')
      .match(/hang one/g)
  expect(words()).toHaveLength(1)
  expect((await agent.snapshot(directory, session)).messages.findLast(isAssistant)).toMatchObject({ agent: 'plan' })
  must(await agent.port.abort(directory, session))

  await call(directory, session, 'planned one')
  await agent.until('the words twice', directory, session, () => (words()?.length ?? 0) > 1 || asked(session).length > 2)
  expect(words()).toHaveLength(2)
  must(await agent.port.abort(directory, session))
})

test('one that OpenCode does not know is refused, and not run', async () => {
  const session = await agent.session(directory)
  expect(await call(directory, session, 'nope')).toMatchObject({ _tag: 'AgentRefused', status: 500 })
  expect((await agent.snapshot(directory, session)).messages).toEqual([])
})
