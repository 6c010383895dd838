/** Runs, as they are told and as they are stored. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHome, pidIn, until } from './fixtures/server.ts'
import type { Home, TestServer } from './fixtures/server.ts'
import { startModel } from './fixtures/model.ts'
import type { TestModel } from './fixtures/model.ts'

let model: TestModel
let home: Home
let server: TestServer

beforeAll(async () => {
  model = await startModel()
  const options = { baseURL: model.url, apiKey: 'none' }
  const provider = { test: { options, models: { one: { limit: { context: 1000, output: 100 } } } } }
  home = createHome({ model: 'test/one', provider, permission: { read: 'ask' } })
  server = await home.start()
})
afterAll(async () => {
  await home.remove()
  model.stop()
})

interface Stored {
  readonly info: {
    readonly id: string
    readonly role: string
    readonly parentID?: string
    readonly finish?: string
    readonly error?: { readonly name: string }
    readonly time: { readonly created: number; readonly completed?: number }
  }
  readonly parts: readonly { readonly type: string; readonly text?: string; readonly state?: { readonly status: string } }[]
}

const open = async (title?: string): Promise<string> =>
  ((await server.call('POST', '/session', title === undefined ? {} : { title })).json as { readonly id: string }).id
const post = (session: string, text: string, messageID?: string) =>
  server.call('POST', `/session/${session}/prompt_async`, {
    ...(messageID !== undefined && { messageID }),
    parts: [{ type: 'text', text, ...(messageID !== undefined && { id: messageID.replace('msg', 'prt') }) }],
  })
const messages = async (session: string) => (await server.call('GET', `/session/${session}/message`)).json as readonly Stored[]
const told = (session: string) => server.events.filter(({ properties }) => properties['sessionID'] === session)
const idles = (session: string): number => told(session).filter(({ type }) => type === 'session.idle').length
const untilIdle = (session: string, count = 1) => until('idle', () => idles(session) >= count)
/** One that has ended, and that nobody has collected yet, is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
const waitFor = (file: string) => ({ call: 'bash', args: { command: `touch begun; until [ -f ${file} ]; do sleep 0.02; done` } })
const userTexts = (index: number) =>
  model.asked.at(index)?.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))

test('an answer with a tool is told in the order of the real one', async () => {
  model.say({ call: 'bash', args: { command: 'echo hi' } }, { text: 'All done.' })
  const session = await open('mine')
  expect((await post(session, 'go')).status).toBe(204)
  await untilIdle(session)
  const kinds = told(session).map(({ type, properties }) => {
    const { part, info, status } = properties as Readonly<Record<string, Readonly<Record<string, unknown>>>>
    const state = part?.['state'] as { readonly status: string } | undefined
    return [type, part?.['type'] ?? info?.['role'] ?? status?.['type'], state?.status].filter(Boolean).join(' ')
  })
  const dull = /^session\.(?:updated|diff)|^message\.updated user$/
  const kept = kinds.filter((kind, index) => !dull.test(kind) && kind !== kinds[index - 1])
  const tool = 'message.part.updated tool'
  expect(kept.filter((kind, index) => kind !== kept[index - 1])).toEqual([
    'session.created',
    'message.part.updated text',
    'session.status busy',
    'message.updated assistant',
    'session.status busy',
    'message.part.updated step-start',
    `${tool} pending`,
    `${tool} running`,
    `${tool} completed`,
    'message.part.updated step-finish',
    'message.updated assistant',
    'session.status busy',
    'message.updated assistant',
    'session.status busy',
    'message.part.updated step-start',
    'message.part.updated text',
    'message.part.delta',
    'message.part.updated text',
    'message.part.updated step-finish',
    'message.updated assistant',
    'session.status busy',
    'session.status idle',
    'session.idle',
  ])
})

test('what was posted while it worked is read at the next step; the answer’s parent is the newest of it', async () => {
  model.say(waitFor('go'), { text: 'Both.' })
  const session = await open('queue')
  await post(session, 'first')
  await until('the tool', () => existsSync(join(home.project, 'begun')))
  await post(session, 'second', 'msg_second')
  await post(session, 'third', 'msg_third')
  await until('it', async () => (await messages(session)).length === 4)
  expect((await server.call('DELETE', `/session/${session}/message/msg_second`)).status).toBe(409)
  writeFileSync(join(home.project, 'go'), '')
  await untilIdle(session)
  expect(userTexts(-1)).toEqual(['first', 'second', 'third'])
  expect((await messages(session)).at(-1)?.info).toMatchObject({ parentID: 'msg_third', finish: 'stop' })
})

test('posted again it is one message, timed anew, in its old place; answered already, it is not answered again', async () => {
  model.say({ text: 'Once.' })
  const session = await open('again')
  await post(session, 'hello', 'msg_again')
  await untilIdle(session)
  const [before] = await messages(session)
  const count = model.asked.length
  await post(session, 'hello', 'msg_again')
  await untilIdle(session, 2)
  const after = await messages(session)
  expect(after.map(({ info }) => info.role)).toEqual(['user', 'assistant'])
  expect(after[0]?.info.time.created).toBeGreaterThan(before?.info.time.created ?? Infinity)
  expect(after[0]?.parts).toHaveLength(1)
  expect(model.asked).toHaveLength(count)
})

test('a stop is told twice, and leaves its error on the message, with the words so far', async () => {
  model.say({ stalls: 'I begin' })
  const session = await open('stop')
  await post(session, 'hang')
  await until('words', () => told(session).some(({ type }) => type === 'message.part.delta'))
  expect((await messages(session)).at(-1)?.parts.at(-1)).toMatchObject({ type: 'text', text: '' })
  await server.call('POST', `/session/${session}/abort`)
  await untilIdle(session, 2)
  expect((await messages(session)).at(-1)).toMatchObject({
    info: { error: { name: 'MessageAbortedError' } },
    parts: [{ type: 'step-start' }, { type: 'text', text: 'I begin' }],
  })
})

test('a stop ends the shell and all it has started, and is told before that', async () => {
  model.say({ call: 'bash', args: { command: 'sleep 60 & echo $! > child.pid; wait' } })
  const session = await open('shell')
  await post(session, 'run')
  const file = join(home.project, 'child.pid')
  const pid = await until('the child', () => pidIn(file))
  await server.call('POST', `/session/${session}/abort`)
  await untilIdle(session, 2)
  const told = await messages(session)
  expect(told.at(-1)?.info.error).toMatchObject({ name: 'MessageAbortedError' })
  const output = expect.stringContaining('User aborted the command') as string
  expect(told.at(-1)?.parts.at(-1)?.state).toMatchObject({ status: 'completed', output })
  const kinds = server.events.filter(({ properties }) => properties['sessionID'] === session).map(({ type }) => type)
  expect(kinds.slice(kinds.indexOf('session.error')).filter((type) => !type.startsWith('session.updated'))).toEqual([
    'session.error',
    'session.status',
    'session.idle',
    'message.part.updated',
    'message.updated',
    'session.status',
    'session.idle',
  ])
  await until('the end of the child', () => !isAlive(pid))
})

test('a refusal of the provider ends the run; a busy provider is waited for', async () => {
  model.say({ status: 401, message: 'who are you' })
  const session = await open('refused')
  await post(session, 'hello')
  await untilIdle(session, 2)
  expect((await messages(session)).at(-1)?.info.error).toMatchObject({ name: 'APIError', data: { message: 'who are you' } })

  model.say({ status: 503, message: 'later' })
  await post(session, 'hello')
  const retry = await until('a retry', () => told(session).find(({ properties }) => properties['status']?.['type'] === 'retry'))
  expect(retry.properties['status']).toMatchObject({ attempt: 1, message: 'later' })
  await server.call('POST', `/session/${session}/abort`)
  expect((await messages(session)).at(-1)?.info).toMatchObject({ time: { completed: expect.any(Number) } })
  expect((await messages(session)).at(-1)?.info.error).toBeUndefined()
})

test('a permission that is refused ends the run; a second answer finds nothing', async () => {
  writeFileSync(join(home.project, 'secret.txt'), 'x')
  model.say({ call: 'read', args: { filePath: '../outside.txt' } })
  const session = await open('ask')
  await post(session, 'look')
  const ask = await until('the ask', () => told(session).find(({ type }) => type === 'permission.asked'))
  const path = `/session/${session}/permissions/${String(ask.properties['id'])}`
  expect(ask.properties).toMatchObject({ permission: 'external_directory' })
  expect((await server.call('POST', path, { response: 'reject' })).status).toBe(200)
  await untilIdle(session)
  expect((await messages(session)).at(-1)?.parts.find(({ type }) => type === 'tool')?.state).toMatchObject({ status: 'error' })
  expect((await server.call('POST', path, { response: 'reject' })).status).toBe(404)
})

test('after a kill all that was told is there, a tool runs on as it stood, and nothing runs', async () => {
  model.say({ text: 'Kept.' })
  const session = await open('kill')
  await post(session, 'one')
  await untilIdle(session)
  model.say({ call: 'bash', args: { command: 'echo $$ > shell.pid; until [ -f never ]; do sleep 0.02; done' } })
  await post(session, 'two', 'msg_two')
  const pid = await until('the shell', () => pidIn(join(home.project, 'shell.pid')))
  await server.kill()
  server = await home.start()
  const kept = await messages(session)
  expect(kept.map(({ info }) => info.role)).toEqual(['user', 'assistant', 'user', 'assistant'])
  expect(kept.at(-1)?.info.time.completed).toBeUndefined()
  expect(kept.at(-1)?.parts.at(-1)?.state?.status).toBe('running')
  expect((await server.call('GET', '/session/status')).json).toEqual({})
  process.kill(pid, 'SIGKILL')
})
