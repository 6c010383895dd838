/**
 * The facts about OpenCode that the design leans on (docs/decisions/0001 to 0004), as one function: the real OpenCode must pass it, and
 * so must whatever stands in for it. The tests speak through the adapter, as the product does, and read what the model was asked.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCodeProvider, type Rule } from '../../../../scripted-model/src/index.ts'
import { DirectoryGone, DirectoryMisread, SessionGone } from '../../../src/base/errors.ts'
import type { AgentEvent, Snapshot } from '../../../src/domain/agent.ts'
import type { Session } from '../../../src/opencode/wire/api.ts'
import { HttpClient, sessionPath } from '../../../src/opencode/wire/http.ts'
import { read } from '../../../src/opencode/wire/read.ts'
import { ids, isAssistant, must, until, type TestAgent, type World } from '../../opencode/fixtures/world.ts'
import { logInContract, withLogInPlugin } from './log-ins.ts'
import type { Around } from './accounts.ts'
import { MODEL_RULES, modelContract, withOtherModel } from './models.ts'
import { PICTURE_RULES, pictureContract } from './pictures.ts'

/** A world whose agents run the OpenCode under test. `rules` script its model; `environment` is added to the bot's. */
export type MakeServer = (rules: readonly Rule[], environment: Readonly<Record<string, string>>) => Promise<World>

/** A tool that runs until the test writes the file. */
const waitFor = (file: string) => {
  return { name: 'bash', args: { command: `until [ -f ${file} ]; do sleep 0.02; done`, description: 'wait' } }
}

const RULES: readonly Rule[] = [
  { match: 'say hello', steps: [{ kind: 'text', text: 'Hello there.', chunks: 3 }] },
  {
    match: 'use a tool',
    steps: [
      {
        kind: 'tools',
        text: 'I look.',
        calls: [{ name: 'bash', args: { command: 'echo seen > out.txt', description: 'look' } }],
      },
      { kind: 'text', text: 'Done looking.' },
    ],
  },
  {
    match: 'wait for go',
    steps: [
      { kind: 'tools', calls: [waitFor('go')] },
      { kind: 'text', text: 'Went.' },
    ],
  },
  { match: /also (\w+)/, steps: (match) => [{ kind: 'text', text: `Also ${match[1] ?? ''}.` }] },
  ...MODEL_RULES,
  ...PICTURE_RULES,
  { match: 'hang', steps: [{ kind: 'stall', text: 'Hm' }] },
  { match: 'be refused', steps: [{ kind: 'error', status: 401, message: 'who are you' }] },
  { match: 'be slowed', steps: [{ kind: 'error', status: 429, message: 'slow down', retryAfterS: 30 }] },
  {
    match: 'show your environment',
    steps: [
      { kind: 'tools', calls: [{ name: 'bash', args: { command: 'env > env.txt', description: 'env' } }] },
      { kind: 'text', text: 'Shown.' },
    ],
  },
]

/** What the agent's shell must not see, and one name that it must. */
const ENVIRONMENT = {
  KIMAKI_BOT_TOKEN: 'a-secret-token',
  KIMAKI_DATA_DIR: '/nowhere',
  npm_lifecycle_event: 'start',
  MY_OWN: 'stays',
}

const users = ({ messages }: Snapshot) => messages.filter((message) => message.kind === 'user').map(({ id }) => id)
const kinds = (events: readonly AgentEvent[]) =>
  events
    .map((event) => (event.kind === 'part' ? event.part.kind : event.kind))
    .filter((kind, index, all) => kind !== all[index - 1])

export function openCodeContract(makeServer: MakeServer, more?: (around: Around) => void): void {
  let world: World
  let agent: TestAgent
  let folder: string

  beforeAll(async () => {
    world = await makeServer(RULES, ENVIRONMENT)
    agent = world.agent()
    folder = withLogInPlugin(world.project('contract', { provider: withOtherModel(openCodeProvider(world.model.url)) }))
  })
  afterAll(() => world.stop())

  /** The project of all tests: the real one takes 0.8 s of CPU time for each further one. */
  const room = (): string => {
    rmSync(join(folder, 'go'), { force: true })
    return folder
  }

  /** Requests of this session that were meant to be answered (not for a title). */
  const asked = (session: string) => world.model.log.filter((entry) => entry.sessionId === session && entry.hasTools)

  more?.(() => ({ world, agent }))
  modelContract(() => ({ world, agent, project: room() }), asked)
  pictureContract(() => ({ agent, project: room() }))
  logInContract(() => ({ world, agent, project: room() }))

  test('a session is found again by its mark, and only by its own', async () => {
    const project = room()
    const made = must(await agent.port.openSession(project, 'thread 1', false))
    const other = must(await agent.port.openSession(project, 'thread 2', true))
    const found = must(await agent.port.openSession(project, 'thread 1', true))
    expect(found).toEqual(made)
    expect(other.session).not.toBe(made.session)
  })

  test('a prompt is seen at OpenCode’s time, then its answer comes as events in order', async () => {
    const project = room()
    const session = await agent.session(project)
    const before = Date.now()
    const { created } = await agent.prompt(project, session, 'Please use a tool')
    expect(created).toBeGreaterThanOrEqual(before)

    expect(await agent.answer(project, session)).toMatch('Done looking.')
    expect(existsSync(join(project, 'out.txt'))).toBe(true)
    const idle = await agent.event(
      'idle',
      (event) => event.session === session && event.kind === 'status' && event.status.kind === 'idle',
    )
    const mine = agent.events.slice(0, agent.events.indexOf(idle) + 1).filter((event) => event.session === session)
    const parts = mine.filter(({ kind }) => kind === 'part' || kind === 'delta')
    expect(kinds(parts)).toEqual(['text', 'delta', 'tool', 'text', 'tool', 'text', 'delta', 'text'])
    const tools = mine.flatMap((event) => (event.kind === 'part' && event.part.kind === 'tool' ? [event.part] : []))
    expect(tools[0]).toMatchObject({ state: 'pending', tool: 'bash', input: {} })
    expect(tools.at(-1)).toMatchObject({
      state: 'completed',
      title: 'echo seen > out.txt',
      input: { command: 'echo seen > out.txt' },
    })
    const last = mine.findLast((event) => event.kind === 'part')
    expect(last).toMatchObject({ part: { kind: 'text', closed: true, text: expect.stringContaining('Done looking.') } })
  })

  test('the same ids posted twice are one message and one answer', async () => {
    const project = room()
    const session = await agent.session(project)
    const first = await agent.prompt(project, session, 'wait for go')
    const second = await agent.prompt(project, session, 'wait for go', { resend: true })
    expect(second.created).toBeGreaterThan(first.created)
    writeFileSync(join(project, 'go'), '')

    expect(await agent.answer(project, session)).toMatch('Went.')
    expect(users(await agent.snapshot(project, session))).toHaveLength(1)
    expect(asked(session).map(({ step }) => step)).toEqual(['tools', 'text'])
  })

  test('a prompt that is there already is not posted again', async () => {
    const project = room()
    const session = await agent.session(project)
    const { created } = await agent.prompt(project, session, 'say hello', { isRetry: true })
    await agent.answer(project, session)
    expect(await agent.prompt(project, session, 'say hello', { isRetry: true })).toEqual({ created })
    expect(asked(session)).toHaveLength(1)
  })

  test('a prompt while busy is read at the next step', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'wait for go')
    await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')
    await agent.prompt(project, session, 'also blue')
    expect(asked(session)).toHaveLength(1)
    writeFileSync(join(project, 'go'), '')

    expect(await agent.answer(project, session)).toMatch('Also blue.')
    expect(asked(session).map(({ userTexts }) => userTexts)).toEqual([['wait for go'], ['wait for go', 'also blue']])
  })

  /** A step that waits for the file `go`, and prompts behind it. */
  const behindStep = async (...waiting: readonly string[]) => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'wait for go')
    await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')
    for (const text of waiting) await agent.prompt(project, session, text)
    const recall = async (text: string, words?: string) => {
      const { messageId, partId } = ids(`${session} ${text}`)
      const parts = words === undefined ? undefined : [{ type: 'text' as const, id: partId, text: words }]
      return must(await agent.port.recall({ directory: project, session, messageId, ...(parts && { parts }) }))
    }
    return { project, session, recall, go: () => writeFileSync(join(project, 'go'), '') }
  }

  test('a message that waits behind a step is emptied or reworded in its place, though it may not leave', async () => {
    const { project, session, recall, go } = await behindStep('also one', 'also two', 'also three')
    const server = must(world.memory.servers[0]?.record ?? new Error('no server'))
    const http = new HttpClient(server, AbortSignal.timeout(90_000))
    const path = sessionPath(session, 'message', ids(`${session} also one`).messageId)
    expect(await http.call({ method: 'DELETE', path })).toMatchObject({ status: 409 })
    http.close()
    expect(await Promise.all([recall('also one'), recall('also two', 'also blue')])).toEqual(['emptied', 'reworded'])
    go()

    expect(await agent.answer(project, session)).toMatch('Also three.')
    expect(asked(session).at(-1)?.userTexts).toEqual(['wait for go', 'also blue', 'also three'])
    expect(users(await agent.snapshot(project, session))).toHaveLength(4)
  })

  test('recalled again, a message is what it was made, and the answer is the same', async () => {
    const { project, session, recall, go } = await behindStep('also one', 'also two')
    expect(await Promise.all([recall('also one', 'also blue'), recall('also two')])).toEqual(['reworded', 'emptied'])
    expect(await Promise.all([recall('also one', 'also blue'), recall('also two')])).toEqual(['reworded', 'emptied'])
    // In the midst of an answer that goes on without it.
    go()
    expect(await agent.answer(project, session)).toMatch('Also blue.')
    expect(await Promise.all([recall('also one', 'also blue'), recall('also two')])).toEqual(['reworded', 'emptied'])
    expect(asked(session).at(-1)?.userTexts).toEqual(['wait for go', 'also blue'])
  })

  test('a message that a step has read is recalled no more: it says what it said', async () => {
    const { project, session, recall, go } = await behindStep('also one')
    expect(await recall('wait for go')).toBe('read')
    go()
    expect(await agent.answer(project, session)).toMatch('Also one.')
    expect(await Promise.all([recall('also one'), recall('also one', 'also blue')])).toEqual(['read', 'read'])
    await agent.prompt(project, session, 'also two')
    expect(await agent.answer(project, session)).toMatch('Also two.')
    expect(asked(session).at(-1)?.userTexts).toEqual(['wait for go', 'also one', 'also two'])
  })

  test('what an abort drops leaves the session, emptied or not, with the answer that was begun', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'say hello')
    await agent.answer(project, session)
    await agent.prompt(project, session, 'hang')
    await world.model.until('the hanging answer', (entry) => entry.sessionId === session && entry.step === 'stall')
    await agent.prompt(project, session, 'also one')
    const [begun, waiting] = ['hang', 'also one'].map((text) => ids(`${session} ${text}`).messageId)
    expect(await agent.port.recall({ directory: project, session, messageId: waiting ?? '' })).toBe('emptied')
    must(await agent.port.abort(project, session, [begun ?? '', waiting ?? '']))
    const { messages, status } = await agent.snapshot(project, session)
    expect(status).toEqual({ kind: 'idle' })
    expect(messages.map(({ kind }) => kind)).toEqual(['user', 'assistant'])
  })

  test('three waiting prompts are answered by one answer, to the last', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'wait for go')
    await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')
    const waiting = ['also one', 'also two', 'also three']
    for (const text of waiting) await agent.prompt(project, session, text)
    writeFileSync(join(project, 'go'), '')

    expect(await agent.answer(project, session)).toMatch('Also three.')
    const answers = (await agent.snapshot(project, session)).messages
      .filter(isAssistant)
      .filter(({ finish }) => finish === 'stop')
    expect(answers.map(({ parent }) => parent)).toEqual([ids(`${session} also three`).messageId])
    expect(asked(session).at(-1)?.userTexts).toEqual(['wait for go', ...waiting])
  })

  test('after an abort, only the newest waiting prompt is posted again: one run reads them all, in order', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'hang')
    await world.model.until('the hanging answer', (entry) => entry.sessionId === session && entry.step === 'stall')
    await agent.prompt(project, session, 'also one')
    await agent.prompt(project, session, 'also two')
    must(await agent.port.abort(project, session))
    const aborted = await agent.snapshot(project, session)
    expect(aborted.status).toEqual({ kind: 'idle' })
    expect(aborted.messages.find(isAssistant)?.failure?.name).toBe('MessageAbortedError')
    await agent.prompt(project, session, 'also two', { resend: true })

    expect(await agent.answer(project, session)).toMatch('Also two.')
    expect(asked(session).map(({ userTexts }) => userTexts)).toEqual([['hang'], ['hang', 'also one', 'also two']])
    expect(users(await agent.snapshot(project, session))).toHaveLength(3)
  })

  test('a prompt that was picked up and cut off before any tool runs when it is posted again', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'hang once')
    await world.model.until('the hanging answer', (entry) => entry.sessionId === session && entry.step === 'stall')
    must(await agent.port.abort(project, session))
    const { created } = (await agent.snapshot(project, session)).messages[0] ?? { created: 0 }
    world.model.setRules([{ match: 'hang once', steps: [{ kind: 'text', text: 'Here I am.' }] }, ...world.rules])
    const again = await agent.prompt(project, session, 'hang once', { resend: true })

    expect(again.created).toBeGreaterThan(created)
    expect(await agent.answer(project, session)).toMatch('Here I am.')
    expect(users(await agent.snapshot(project, session))).toHaveLength(1)
  })

  test('posting the newest prompt again once it is answered starts no second run', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'say hello')
    const answer = await agent.answer(project, session)
    const heard = agent.events.length
    await agent.prompt(project, session, 'say hello', { resend: true })
    const isIdle = (event: AgentEvent) => event.session === session && event.kind === 'status' && event.status.kind === 'idle'
    await until('idle again', () => agent.events.slice(heard).find(isIdle))

    expect(await agent.answer(project, session)).toBe(answer)
    expect(asked(session)).toHaveLength(1)
  })

  test('a refusal of the provider comes as an event and stands in the message', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'be refused')
    const failure = { name: 'APIError', message: 'who are you', status: 401 }
    await agent.event(
      'the failure',
      (event) => event.session === session && event.kind === 'failure' && event.failure.status === 401,
    )
    const { messages } = await agent.until('the end', project, session, ({ messages }) => messages.at(-1)?.kind === 'assistant')
    expect(messages.at(-1)).toMatchObject({ failure: { ...failure, provider: 'scripted' } })
  })

  test('a provider that asks to wait is a status that says until when', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'be slowed')
    const { status } = await agent.until('a retry', project, session, ({ status }) => status.kind === 'retry')
    expect(status).toMatchObject({ kind: 'retry', attempt: 1, message: 'slow down', next: expect.any(Number) })
    must(await agent.port.abort(project, session))
    expect((await agent.snapshot(project, session)).status).toEqual({ kind: 'idle' })
  })

  test('the agent’s shell sees the user’s environment but nothing of ours', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'show your environment')
    await agent.answer(project, session)
    const shown = readFileSync(join(project, 'env.txt'), 'utf8')
    expect(shown).toContain('MY_OWN=stays')
    expect(shown).not.toMatch(/a-secret-token|KIMAKI_(?!AGENT_OF=)|npm_lifecycle/)
  })

  test('what is not there is told', async () => {
    const project = room()
    const missing = join(world.dir, 'missing')
    expect(await agent.port.openSession(missing, 'x', false)).toEqual(new DirectoryGone({ directory: missing }))
    expect(await agent.port.snapshot(project, 'ses_none')).toEqual(new SessionGone({ session: 'ses_none' }))
    const { messageId } = ids('nobody')
    const request = { directory: project, session: 'ses_none', messageId, parts: [], resend: false }
    expect(await agent.port.prompt({ ...request, isRetry: false })).toEqual(new SessionGone({ session: 'ses_none' }))
    expect(await agent.port.prompt({ ...request, isRetry: true })).toEqual(new SessionGone({ session: 'ses_none' }))
  })

  test('a folder with a hostile name is worked in, and found again', async () => {
    const project = world.project(' 100% [c++] #1? &directory=x "u\u0308\u00fc\n🦊 ')
    const session = await agent.session(project)
    expect(must(await agent.port.openSession(project, `mark ${project}`, true)).session).toBe(session)
    await agent.prompt(project, session, 'Please use a tool')
    await agent.answer(project, session)
    expect(existsSync(join(project, 'out.txt'))).toBe(true)
  })

  test('a folder whose name can be decoded is told by the query, but its sessions work in the folder of the decoded name', async () => {
    const decoy = world.project('My Repo')
    const project = world.project('My%20Repo')
    expect(await agent.port.openSession(project, 'x', false)).toEqual(new DirectoryMisread({ directory: project, read: decoy }))

    // This is why: should OpenCode learn better, this half fails, and the refusal may go.
    await agent.session(decoy)
    const server = world.memory.servers.flatMap(({ record, directories }) => (directories.includes(decoy) ? [record] : []))[0]
    const http = new HttpClient(must(server ?? new Error('no server')), AbortSignal.timeout(90_000))
    const made = read<Session>(must(await http.call({ method: 'POST', path: '/session', directory: project, body: {} })).json)
    expect(made.text('directory')).toBe(project)
    const parts = [{ type: 'text', text: 'Please use a tool' }]
    must(await http.call({ method: 'POST', path: sessionPath(made.text('id') ?? '', 'prompt_async'), body: { parts } }))
    await until('the file', () => existsSync(join(decoy, 'out.txt')))
    expect(existsSync(join(project, 'out.txt'))).toBe(false)
    http.close()
  })

  test('a title comes once, and context limits are known', async () => {
    const project = room()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'say hello to my title')
    await agent.answer(project, session)
    await agent.event(
      'a title',
      (event) => event.session === session && event.kind === 'title' && !event.title.startsWith('New session'),
    )
    const titles = agent.events.flatMap((event) => (event.session === session && event.kind === 'title' ? [event.title] : []))
    expect(new Set(titles).size).toBe(titles.length)
    expect(await agent.port.contextLimit(project, { provider: 'scripted', model: 'scripted-model' })).toBe(200_000)
    expect(await agent.port.contextLimit(project, { provider: 'scripted', model: 'nobody' })).toBeUndefined()
  })

  test('aborting again, or a session that is not there, is fine', async () => {
    const project = room()
    const session = await agent.session(project)
    must(await agent.port.abort(project, session))
    must(await agent.port.abort(project, session))
    must(await agent.port.abort(project, 'ses_none'))
    expect((await agent.snapshot(project, session)).status).toEqual({ kind: 'idle' })
  })
}
