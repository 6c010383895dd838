import { afterEach, beforeEach, expect, test } from 'vitest'
import { startScriptedModel } from '../src/index.ts'
import type { ScriptedModel, Step } from '../src/index.ts'
import { chat } from './fixtures/chat.ts'
import type { Message } from './fixtures/chat.ts'

let model: ScriptedModel

beforeEach(async () => {
  model = await startScriptedModel()
})
afterEach(() => model.stop())

function play(...steps: readonly Step[]) {
  model.setRules([{ match: 'go', steps }])
  return chat(model.url, [user('go')])
}

/** The client may hear the end before the server's socket has: the log follows a moment later. */
const settled = (seq = 0) => model.until(`the end of #${seq}`, (entry) => entry.seq === seq && entry.outcome !== 'open')
const user = (text: string): Message => ({ role: 'user', content: text })

test('a text is streamed in as many pieces as asked, with its token at the end', async () => {
  const said = await play({ kind: 'text', text: 'Hello to a 🦊 and a 🐻.', chunks: 5, delayMs: 1 })
  expect(said.text).toBe('Hello to a 🦊 and a 🐻. ⟦t000001⟧')
  expect(said.texts).toHaveLength(5)
  expect(said).toMatchObject({ finish: 'stop', ended: true })
  expect(said.usage?.completion_tokens).toBeGreaterThan(0)
  await model.until('the end', ({ outcome }) => outcome === 'done')
  expect(model.log).toMatchObject([
    { seq: 0, step: 'text', token: '⟦t000001⟧', sessionId: 'ses_test', userTexts: ['go'], answers: ['go'] },
  ])
})

test('a text of several lines keeps its last line whole', async () => {
  const said = await play({ kind: 'text', text: '```\ncode\n```\n' })
  expect(said.text).toBe('```\ncode\n```\n\n⟦t000001⟧')
})

test('tools come after their text, with ids of their own', async () => {
  const said = await play({
    kind: 'tools',
    text: 'Let me look.',
    calls: [
      { name: 'bash', args: { command: 'ls' } },
      { name: 'read', args: { filePath: 'a' } },
    ],
  })
  expect(said.text).toBe('Let me look. ⟦t000001⟧')
  expect(said.calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)])).toEqual([
    ['bash', { command: 'ls' }],
    ['read', { filePath: 'a' }],
  ])
  expect(new Set(said.calls.map(({ id }) => id)).size).toBe(2)
  expect(said.finish).toBe('tool_calls')
  expect(model.log[0]).toMatchObject({ step: 'tools', tools: ['bash', 'read'] })
})

test('tools without text carry no token', async () => {
  const said = await play({ kind: 'tools', calls: [{ name: 'bash', args: {} }] })
  expect(said.text).toBe('')
  expect(model.log[0]?.token).toBeUndefined()
})

test('reasoning comes before the text and has no token', async () => {
  const said = await play({ kind: 'reasoning', reasoning: 'I think.', text: 'So it is.' })
  expect(said).toMatchObject({ reasoning: 'I think.', text: 'So it is. ⟦t000001⟧', finish: 'stop' })
})

test.each([400, 401, 403, 429, 500, 503, 529] as const)('error %d is answered before any stream', async (status) => {
  const said = await play({ kind: 'error', status, message: 'no luck', retryAfterS: 7 })
  expect(said.response.status).toBe(status)
  expect(said.response.headers.get('retry-after')).toBe('7')
  expect(JSON.parse(said.body)).toMatchObject({ error: { message: 'no luck' } })
  expect(await settled()).toMatchObject({ step: 'error', outcome: 'failed', token: undefined })
})

test('a stall says its text and then nothing, until the client leaves', async () => {
  const leave = new AbortController()
  model.setRules([{ match: 'go', steps: [{ kind: 'stall', text: 'Well' }] }])
  const saying = chat(model.url, [user('go')], {
    signal: leave.signal,
    onBytes: (body) => body.includes('⟦t000001⟧') && leave.abort(),
  })
  const said = await saying
  expect(said).toMatchObject({ text: 'Well ⟦t000001⟧', broken: true, ended: false })
  const entry = await model.until('the client left', ({ outcome }) => outcome === 'gone')
  expect(entry.step).toBe('stall')
})

test('a client that leaves between two pieces is gone, and its answer stops', async () => {
  const leave = new AbortController()
  model.setRules([{ match: 'go', steps: [{ kind: 'text', text: 'one two three four', chunks: 4, delayMs: 10_000 }] }])
  const saying = chat(model.url, [user('go')], { signal: leave.signal })
  await model.until('the request', ({ outcome }) => outcome === 'open')
  leave.abort()
  await expect(saying.catch(() => 'refused')).resolves.toBeDefined()
  await model.until('the client left', ({ outcome }) => outcome === 'gone', 2_000)
})

test('a cut delivers its text and then breaks', async () => {
  const said = await play({ kind: 'cut', text: 'Half a' })
  expect(said).toMatchObject({ text: 'Half a ⟦t000001⟧', broken: true, ended: false })
  expect(await settled()).toMatchObject({ step: 'cut', outcome: 'failed' })
})

test('garbage is 200 and no event stream', async () => {
  const said = await play({ kind: 'garbage' })
  expect(said.response.status).toBe(200)
  expect(said.body).not.toContain('choices')
  expect(await settled()).toMatchObject({ step: 'garbage', outcome: 'failed', token: undefined })
})

test('an empty answer is well-formed, with or without a finish reason', async () => {
  expect(await play({ kind: 'empty' })).toMatchObject({ text: '', finish: 'stop', ended: true })
  expect(await play({ kind: 'empty', finish: 'none' })).toMatchObject({ text: '', finish: undefined, ended: true })
  for (const seq of [0, 1]) expect(await settled(seq)).toMatchObject({ step: 'empty', outcome: 'done' })
})
