import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startScriptedModel } from '../src/index.ts'
import { chat } from './fixtures/chat.ts'

const hello = [{ role: 'user', content: 'hello' }] as const
const rules = [{ match: 'hello', steps: [{ kind: 'reasoning', reasoning: 'hm', text: 'hi' }] }] as const

test('tokens go on from the first number', async () => {
  const model = await startScriptedModel({ rules, firstToken: 41 })
  await chat(model.url, hello)
  expect((await chat(model.url, hello)).text).toBe('hi ⟦t000042⟧')
  await model.stop()
})

test('without streaming the same answer is one JSON', async () => {
  const model = await startScriptedModel({ rules })
  const response = await fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ messages: hello, tools: [{}] }),
  })
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'hi ⟦t000001⟧', reasoning_content: 'hm' }, finish_reason: 'stop' }],
    usage: { total_tokens: expect.any(Number) },
  })
  await model.stop()
})

test('models are listed; nonsense and unknown routes are refused', async () => {
  const model = await startScriptedModel()
  expect(await (await fetch(`${model.url}/models`)).json()).toMatchObject({ data: [{ id: 'scripted-model' }] })
  expect((await fetch(`${model.url}/embeddings`, { method: 'POST' })).status).toBe(404)
  for (const body of ['{', '{}'])
    expect((await fetch(`${model.url}/chat/completions`, { method: 'POST', body })).status).toBe(400)
  expect(model.log).toEqual([])
  await model.stop()
})

test.each(['//', 'http://', '//[::1'])('V22: a request for %s, which is no address, is a 400 and ends nothing', async (path) => {
  const model = await startScriptedModel()
  const { hostname: host, port } = new URL(model.url)
  const status = await new Promise((resolve) => {
    request({ host, port, path, agent: false }, (response) => resolve(response.resume().statusCode)).end()
  })
  expect(status).toBe(400)
  expect((await fetch(`${model.url}/models`)).status).toBe(200)
  await model.stop()
})

test('it listens on 127.0.0.1 alone: a server bound to every address would answer on 127.0.0.2 too', async () => {
  const model = await startScriptedModel()
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect(Number(new URL(model.url).port), '127.0.0.2', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.setTimeout(2_000, () => socket.destroy(new Error('silence')))
  })
  expect(reached).toBe(false)
  await model.stop()
})

test('stop ends open answers and those who wait, and leaves the port free', async () => {
  const model = await startScriptedModel({ rules: [{ match: 'hello', steps: [{ kind: 'stall', text: 'w' }] }] })
  const saying = chat(model.url, hello)
  const waiting = model.until('what never comes', () => false).catch((error: Error) => error.message)
  await model.until('the stall', ({ step }) => step === 'stall')
  await model.stop()
  expect((await saying).broken).toBe(true)
  expect(await waiting).toMatch(/the server stopped while waiting for what never comes; the log: #0 stall gone "hello"/)
  expect(model.log[0]?.outcome).toBe('gone')

  const again = await startScriptedModel({ port: Number(new URL(model.url).port) })
  await again.stop()
})

test('waiting has a deadline that names what was waited for', async () => {
  const model = await startScriptedModel()
  await expect(model.until('a miracle', () => false, 5)).rejects.toThrow(
    'nothing for 5 ms while waiting for a miracle; the log: empty',
  )
  await model.stop()
})
