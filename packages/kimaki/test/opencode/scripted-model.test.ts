/** What the scripted model says is what the real OpenCode makes of it: what `packages/scripted-model/README.md` states is shown here. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ModelLogEntry } from 'scripted-model'
import { HttpClient } from '../../src/opencode/wire/http.ts'
import type { Call } from '../../src/opencode/wire/http.ts'
import { createWorld, must, until } from './fixtures/world.ts'
import type { World } from './fixtures/world.ts'

let world: World
let http: HttpClient
let project: string

const WAIT = 'touch waiting; until [ -e go ]; do sleep 0.05; done'

beforeAll(async () => {
  world = await createWorld([
    { match: 'say hello', steps: [{ kind: 'text', text: 'Hello there, friend.', chunks: 4 }] },
    {
      match: /write (\S+)/,
      steps: (match) => [
        {
          kind: 'tools',
          text: 'I write it.',
          calls: [{ name: 'bash', args: { command: `echo ok > ${match[1] ?? ''}`, description: 'write' } }],
        },
        { kind: 'text', text: 'Written.' },
      ],
    },
    {
      match: 'wait for the file',
      steps: [{ kind: 'tools', calls: [{ name: 'bash', args: { command: WAIT, description: 'wait' } }] }],
    },
    { match: 'think first', steps: [{ kind: 'reasoning', reasoning: 'Let me see.', text: 'Seen.' }] },
    { match: 'be refused', steps: [{ kind: 'error', status: 401, message: 'who are you' }] },
    { match: 'talk nonsense', steps: [{ kind: 'garbage' }] },
    { match: 'hang', steps: [{ kind: 'stall', text: 'Hmm' }] },
    { match: 'say nothing', steps: [{ kind: 'empty' }] },
    { match: 'go in circles', steps: [{ kind: 'empty', finish: 'none' }] },
  ])
  const { record } = world.memory
  if (!record) throw new Error('no OpenCode is lent')
  http = new HttpClient(record, new AbortController().signal)
  project = world.project('project')
})

afterAll(async () => {
  http.close()
  await world.stop()
})

interface Part {
  readonly type: string
  readonly text?: string
  readonly tool?: string
  readonly state?: { readonly status: string }
}
interface Message {
  readonly info: {
    readonly role: string
    readonly finish?: string
    readonly error?: { readonly name: string; readonly data: { readonly message?: string } }
    readonly time: { readonly completed?: number }
  }
  readonly parts: readonly Part[]
}
interface Session {
  readonly id: string
  readonly title: string
}

const call = async (method: Call['method'], path: string, body?: unknown): Promise<unknown> =>
  must(await http.call({ method, path, directory: project, body })).json

/** Asks again until the answer satisfies `enough`. */
const poll = <T>(what: string, path: string, enough: (answer: T) => boolean): Promise<T> =>
  until(what, async () => {
    const answer = (await call('GET', path)) as T
    return enough(answer) && answer
  })

async function session(title?: string): Promise<Session> {
  return (await call('POST', '/session', title === undefined ? {} : { title })) as Session
}

async function prompt({ id }: Session, text: string): Promise<void> {
  await call('POST', `/session/${id}/prompt_async`, { parts: [{ type: 'text', text }] })
}

/** The newest message once it is the agent's last word. */
async function lastWord({ id }: Session): Promise<Message> {
  const last = (messages: readonly Message[]) => messages.at(-1)
  const over = (message: Message | undefined) =>
    message?.info.role === 'assistant' && message.info.time.completed !== undefined && message.info.finish !== 'tool-calls'
  const messages = await poll<readonly Message[]>('last word', `/session/${id}/message`, (all) => over(last(all)))
  const message = last(messages)
  if (!message) throw new Error('no messages')
  return message
}

const textOf = (message: Message) => message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')

const ended = ({ id }: Session, what: string, wanted: (entry: ModelLogEntry) => boolean) =>
  world.model.until(what, (entry) => entry.sessionId === id && entry.hasTools && entry.outcome !== 'open' && wanted(entry))

test('a text is the answer, and its title request is told apart', async () => {
  const it = await session()
  await prompt(it, 'Please say hello #m1')
  const answer = await lastWord(it)
  const entry = await ended(it, 'the answer', ({ step }) => step === 'text')
  expect(textOf(answer)).toBe(`Hello there, friend. ${entry.token ?? ''}`)
  expect(entry).toMatchObject({
    outcome: 'done',
    answers: ['Please say hello #m1'],
    userTexts: ['Please say hello #m1'],
    toolRounds: 0,
  })

  const named = await poll<Session>('title', `/session/${it.id}`, ({ title }) => !title.startsWith('New session'))
  expect(named.title).toBe('Please say hello #m1')
  const title = await world.model.until('the title request', ({ step, sessionId }) => step === 'title' && sessionId === it.id)
  expect(title).toMatchObject({ hasTools: false, token: undefined })
})

test('a tool round really writes a file and is followed by the next step', async () => {
  const it = await session('tools')
  await prompt(it, 'write a.txt #m2')
  const answer = await lastWord(it)
  const log = world.model.log.filter(({ sessionId }) => sessionId === it.id)
  expect(readFileSync(join(project, 'a.txt'), 'utf8')).toBe('ok\n')
  expect(textOf(answer)).toBe(`Written. ${log[1]?.token ?? ''}`)
  expect(log.map(({ step, tools, toolRounds }) => [step, tools, toolRounds])).toEqual([
    ['tools', ['bash'], 0],
    ['text', [], 1],
  ])
  expect(log[1]?.tokensBefore).toEqual([log[0]?.token])
})

test('the next prompt of a session answers only itself', async () => {
  const it = await session('two')
  await prompt(it, 'say hello #m3')
  await lastWord(it)
  await prompt(it, 'think first #m4')
  const entry = await ended(it, 'the second answer', ({ step }) => step === 'reasoning')
  expect(entry).toMatchObject({ userTexts: ['say hello #m3', 'think first #m4'], answers: ['think first #m4'] })
  const messages = await poll<readonly Message[]>('four messages', `/session/${it.id}/message`, (all) => all.length === 4)
  expect(messages.at(-1)?.info.role).toBe('assistant')
  expect((await lastWord(it)).parts.map(({ type }) => type)).toEqual(expect.arrayContaining(['reasoning', 'text']))
})

test('prompts that come while a tool runs are texts of their own in the next request', async () => {
  const it = await session('midrun')
  await prompt(it, 'wait for the file #m11')
  await poll('the tool', `/session/${it.id}/message`, () => existsSync(join(project, 'waiting')))
  await prompt(it, 'one more #m12')
  await prompt(it, 'say hello #m13')
  writeFileSync(join(project, 'go'), '')
  const entry = await ended(it, 'the answer', ({ step }) => step === 'text')
  const texts = ['wait for the file #m11', 'one more #m12', 'say hello #m13']
  expect(entry).toMatchObject({ userTexts: texts, answers: texts, toolRounds: 0 })
})

test('an error is OpenCode’s error', async () => {
  const it = await session('refused')
  await prompt(it, 'be refused #m5')
  const answer = await lastWord(it)
  expect(answer.info.error?.data.message).toContain('who are you')
  expect(await ended(it, 'the error', () => true)).toMatchObject({ step: 'error', outcome: 'failed', token: undefined })
})

test('garbage is an error, too', async () => {
  const it = await session('garbage')
  await prompt(it, 'talk nonsense #m6')
  expect((await lastWord(it)).info.error).toBeDefined()
  expect(await ended(it, 'the garbage', () => true)).toMatchObject({ step: 'garbage', outcome: 'failed' })
})

test('a stall that is aborted is gone', async () => {
  const it = await session('stall')
  await prompt(it, 'hang #m7')
  const entry = await world.model.until('the stall', ({ sessionId }) => sessionId === it.id)
  await poll<readonly Message[]>('the stalled text', `/session/${it.id}/message`, (all) => all.at(-1)?.info.role === 'assistant')
  expect(entry.outcome).toBe('open')
  await call('POST', `/session/${it.id}/abort`)
  expect((await lastWord(it)).info.error?.name).toBe('MessageAbortedError')
  expect(await ended(it, 'the abort', () => true)).toMatchObject({ seq: entry.seq, outcome: 'gone' })
})

test('an empty answer ends the turn; one without a finish reason is asked for again and again', async () => {
  const quiet = await session('quiet')
  await prompt(quiet, 'say nothing #m8')
  expect(textOf(await lastWord(quiet))).toBe('')

  const circles = await session('circles')
  await prompt(circles, 'go in circles #m9')
  const asked = () => world.model.log.filter(({ sessionId }) => sessionId === circles.id)
  await world.model.until('three rounds', () => asked().length > 2)
  await call('POST', `/session/${circles.id}/abort`)
  expect(asked().every(({ step }) => step === 'empty')).toBe(true)
})

test('an unmatched prompt is answered by a text that says so', async () => {
  const it = await session('unmatched')
  await prompt(it, 'something else #m10')
  expect(textOf(await lastWord(it))).toMatch(/^scripted-model: no rule matches "something else #m10" ⟦t\d{6}⟧$/)
})
