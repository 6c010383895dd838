/** Which session an event belongs to, when that is not known at once. */
import { expect, test } from 'vitest'
import type { AgentEvent } from '../../src/domain/conversation/agent.ts'
import type { Json } from '../../src/opencode/wire/json.ts'
import { createListening } from '../../src/opencode/wire/listen.ts'
import { until } from './fixtures/world.ts'

function listen(answers: Readonly<Record<string, Json | undefined | Error>>) {
  const told: AgentEvent[] = []
  const asked: string[] = []
  let missed = 0
  const gate = Promise.withResolvers<void>()
  const listening = createListening({
    tell: (event) => told.push(event),
    missed: () => void (missed += 1),
    async lookUp(session) {
      asked.push(session)
      await gate.promise
      return answers[session]
    },
  })
  return { listening, told, asked, open: gate.resolve, missed: () => missed }
}

const status = (sessionID: string, type: string) => ({
  payload: { type: 'session.status', properties: { sessionID, status: { type } } },
})
const question = (sessionID: string) => ({
  payload: { type: 'question.asked', properties: { id: 'que_1', sessionID, questions: [{ question: 'Why?' }] } },
})
const born = (id: string, parentID?: string) => ({
  payload: { type: 'session.created', properties: { sessionID: id, info: { id, title: 'T', ...(parentID && { parentID }) } } },
})

test('a session born before we listened is looked up once, and its events keep their order (P-038)', async () => {
  const { listening, told, asked, open } = listen({ ses_a: { id: 'ses_a' } })
  listening.hear(status('ses_a', 'busy'))
  listening.hear(status('ses_a', 'idle'))
  expect(told).toEqual([])
  open()
  await until('both', () => told.length === 2)
  expect(told.map((event) => event.kind === 'status' && event.status.kind)).toEqual(['busy', 'idle'])
  listening.hear(status('ses_a', 'busy'))
  expect(told).toHaveLength(3)
  expect(asked).toEqual(['ses_a'])
})

test('a grandchild’s ask finds its root through parents nobody announced', async () => {
  const { listening, told, open } = listen({
    ses_c: { id: 'ses_c', parentID: 'ses_b' },
    ses_b: { id: 'ses_b', parentID: 'ses_a' },
    ses_a: { id: 'ses_a' },
  })
  open()
  listening.hear(question('ses_c'))
  await until('the ask', () => told.length > 0)
  expect(told).toEqual([
    { kind: 'asked', session: 'ses_a', ask: { kind: 'question', id: 'que_1', session: 'ses_c', title: 'Why?' } },
  ])
  listening.hear(status('ses_b', 'busy'))
  expect(told).toHaveLength(1)
})

test('what is announced needs no look', () => {
  const { listening, told, asked } = listen({})
  listening.hear(born('ses_a'))
  listening.hear(born('ses_b', 'ses_a'))
  listening.hear(question('ses_b'))
  expect(told.map(({ kind, session }) => [kind, session])).toEqual([
    ['title', 'ses_a'],
    ['asked', 'ses_a'],
  ])
  expect(asked).toEqual([])
})

test('a session that is gone is dropped; one that cannot be looked up must be read again', async () => {
  const { listening, told, open, missed } = listen({ ses_x: undefined, ses_y: new Error('unavailable') })
  open()
  listening.hear(status('ses_x', 'busy'))
  listening.hear(status('ses_y', 'busy'))
  await until('the notice', () => missed() === 1)
  expect(told).toEqual([])
})

test('a title is told when it changes', () => {
  const { listening, told } = listen({})
  listening.hear(born('ses_a'))
  listening.hear(born('ses_a'))
  expect(told).toHaveLength(1)
})

test('memory stays bounded over a hundred thousand sessions (P-009, P-011)', () => {
  const { listening } = listen({})
  for (let n = 0; n < 100_000; n += 1) listening.learn({ id: `ses_${n}` })
  expect(listening.rootOf('ses_0')).toBeUndefined()
  expect(listening.rootOf('ses_99999')).toBe('ses_99999')
})
