/** Recorded streams of the real OpenCode (fixtures/record.ts), as our events. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { AgentEvent } from '../../src/domain/agent.ts'
import { sessionOf, translate } from '../../src/opencode/wire/events.ts'
import { parseJson, read } from '../../src/opencode/wire/read.ts'
import { SessionEvents } from '../../src/opencode/wire/session-events.ts'

const lines = (name: string): readonly unknown[] =>
  readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(parseJson)

/** Every field that the tests look at. */
interface Payload {
  readonly type: string
  readonly properties: {
    readonly sessionID: string
    readonly info: { readonly role: string; readonly tokens: { readonly total: number } }
  }
}
const payloadOf = (event: unknown) => read<{ readonly payload: Payload }>(event).object('payload')

function received(events: readonly unknown[]): readonly AgentEvent[] {
  const all: AgentEvent[] = []
  const session = new SessionEvents({
    onEvent: (event) => all.push(event),
    lookUp: async () => undefined,
    onMissed: () => undefined,
  })
  for (const event of events) session.receive(event)
  return all
}

const partsOf = (events: readonly AgentEvent[]) => events.flatMap((event) => (event.kind === 'part' ? [event.part] : []))
const messagesOf = (events: readonly AgentEvent[]) => events.flatMap((event) => (event.kind === 'message' ? [event.message] : []))

/** One short name per event, repetitions once. */
function story(events: readonly AgentEvent[]): readonly string[] {
  const names = events.map((event) => {
    if (event.kind === 'message') return messageName(event.message)
    if (event.kind === 'part') return partName(event.part)
    return event.kind === 'status' ? event.status.kind : event.kind
  })
  return names.filter((name, index) => name !== names[index - 1])
}

const messageName = (message: ReturnType<typeof messagesOf>[number]) =>
  message.kind === 'user' ? 'user' : `assistant ${message.finish ?? '…'}${message.completed ? ' done' : ''}`

function partName(part: ReturnType<typeof partsOf>[number]): string {
  if (part.kind === 'tool') return `${part.tool} ${part.state}`
  return part.kind !== 'file' && part.closed ? `${part.kind} closed` : part.kind
}

test('a run with a tool', () => {
  const told = story(received(lines('tool'))).filter((name) => name !== 'busy' && name !== 'title')
  expect(told.join(', ')).toBe(
    'user, assistant …, text, delta, bash pending, bash running, text closed, bash running, bash completed, ' +
      'assistant tool-calls done, assistant …, text, delta, text closed, assistant stop done, idle',
  )
})

test('twins and unknown types say nothing', () => {
  const twins = lines('tool').filter((event) => payloadOf(event).text('type') === 'sync')
  expect(twins.length).toBeGreaterThan(10)
  expect(received(twins)).toEqual([])
  expect(sessionOf({ type: 'toString', properties: { sessionID: 'ses_1' } })).toBeUndefined()
  expect(received([{ payload: { type: 'server.heartbeat' } }, 7, null])).toEqual([])
})

test('the parts of a user’s message are not the agent’s, even when its announcement was missed', () => {
  const events = lines('tool')
  const prompt = events.find((event) => JSON.stringify(event).includes('"use a tool"'))
  expect(payloadOf(prompt).text('type')).toBe('message.part.updated')
  const known = {
    root: payloadOf(prompt).object('properties').text('sessionID') ?? '',
    isUserMessage: () => false,
    isAgentMessage: () => false,
  }
  expect(translate(payloadOf(prompt).fields, known)).toBeUndefined()
})

test('reasoning is told apart from text', () => {
  const parts = partsOf(received(lines('reasoning')))
  expect(parts.findLast(({ kind }) => kind === 'reasoning')).toMatchObject({ text: 'Let me see.', closed: true })
  expect(parts.findLast(({ kind }) => kind === 'text')).toMatchObject({ text: expect.stringMatching(/^Seen\./), closed: true })
})

test('a refusal is a failure of the session and of the message', () => {
  const events = received(lines('refused'))
  const failure = { name: 'APIError', message: 'who are you', status: 401 }
  expect(events.find(({ kind }) => kind === 'failure')).toMatchObject({ failure })
  expect(messagesOf(events).findLast(({ kind }) => kind === 'assistant')).toMatchObject({
    failure: { ...failure, provider: 'scripted' },
  })
})

test('a retry says when', () => {
  const status = received(lines('slowed')).find((event) => event.kind === 'status' && event.status.kind === 'retry')
  expect(status).toMatchObject({ status: { attempt: 1, message: 'slow down', next: expect.any(Number) } })
})

test('a question and its rejection', () => {
  const events = received(lines('question'))
  expect(events.find(({ kind }) => kind === 'asked')).toMatchObject({ ask: { kind: 'question', title: 'Which colour?' } })
  expect(partsOf(events).findLast(({ kind }) => kind === 'tool')).toMatchObject({
    tool: 'question',
    state: 'error',
    error: expect.any(String),
  })
})

test('of a child its ask comes up, and what it does, under its own session', () => {
  const events = received(lines('child-ask'))
  const [root] = new Set(events.map(({ session }) => session))
  const asked = events.find((event) => event.kind === 'asked')
  expect(new Set(events.map(({ session }) => session)).size).toBe(1)
  expect(asked).toMatchObject({ session: root, ask: { kind: 'permission', title: 'bash: echo child' } })
  expect(asked?.kind === 'asked' && asked.ask.session).not.toBe(root)
  expect(partsOf(events).flatMap((part) => (part.kind === 'tool' ? part.tool : []))).not.toContain('bash')
  const done = events.flatMap((event) =>
    event.kind === 'subtask' && event.news.kind === 'part' ? [{ child: event.child, part: event.news.part }] : [],
  )
  const begun = partsOf(events).findLast((part) => part.kind === 'tool' && part.tool === 'task')
  expect(done.map(({ part }) => part.kind)).not.toContain('text')
  expect(done.map(({ part }) => part)).toContainEqual(expect.objectContaining({ tool: 'bash', state: 'running' }))
  expect(begun?.kind === 'tool' && begun.child).toBe(done[0]?.child)
})

test('a compaction: its own messages, and a summary that is no answer', () => {
  const messages = messagesOf(received(lines('compaction')))
  const summary = messages.find((message) => message.kind === 'assistant' && message.summary)
  expect(summary).toMatchObject({ agent: 'compaction' })
  expect(new Set(messages.filter(({ kind }) => kind === 'user').map(({ id }) => id)).size).toBe(3)
  const texts = partsOf(received(lines('compaction'))).flatMap((part) => (part.kind === 'text' ? part.text : []))
  expect(texts.join()).not.toContain('Continue if you have next steps')
})

test('tokens are all that fill the context', () => {
  const answer = messagesOf(received(lines('tool'))).findLast((message) => message.kind === 'assistant')
  const wire = lines('tool').map((event) => payloadOf(event).object('properties').object('info'))
  const total = wire
    .findLast((info) => info.text('role') === 'assistant')
    ?.object('tokens')
    .number('total')
  expect(answer).toMatchObject({
    tokens: total,
    finish: 'stop',
    model: { provider: 'scripted', model: 'scripted-model' },
    agent: 'build',
  })
})
