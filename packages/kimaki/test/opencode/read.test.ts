/** What OpenCode sends is not trusted: a value of any shape is read without a throw, and a name that does not exist does not compile. */
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AgentEvent } from '../../src/domain/agent.ts'
import type * as api from '../../src/opencode/wire/api.ts'
import { permissionOf, questionOf } from '../../src/opencode/wire/events.ts'
import { messageOf, partOf, statusIn } from '../../src/opencode/wire/message.ts'
import { parseJson, read, readList } from '../../src/opencode/wire/read.ts'
import { refusalOf } from '../../src/opencode/wire/http/refusal.ts'
import { SessionEvents } from '../../src/opencode/wire/session-events.ts'

test('a field is what it is said to be, or undefined', () => {
  const session = read<api.Session>({ id: 'ses_1', title: 7, time: { created: Number.NaN }, model: ['x'] })
  expect(session.text('id')).toBe('ses_1')
  expect(session.text('title')).toBeUndefined()
  expect(session.object('time').number('created')).toBeUndefined()
  expect(session.object('model').text('id')).toBeUndefined()
  expect(readList<api.Session>({ length: 3 })).toEqual([])
})

test('of a union every member’s fields can be read, and of a choice only the values that exist', () => {
  const message = read<api.Message>({ role: 'assistant', finish: 'stop' })
  expect(message.text('finish')).toBe('stop')
  expect(message.choice('role', ['user', 'assistant'])).toBe('assistant')
  expect(message.choice('role', ['user'])).toBeUndefined()
})

test('a name that OpenCode does not have, or of another kind, does not compile', () => {
  const session = read<api.Session>({ titel: 'a', title: 'b' })
  // @ts-expect-error: no such field.
  expect(session.text('titel')).toBe('a')
  // @ts-expect-error: a text, not a number.
  expect(session.number('title')).toBeUndefined()
  // @ts-expect-error: no such role.
  expect(read<api.Message>({}).choice('role', ['system'])).toBeUndefined()
})

/** Values that OpenCode really sent, in which any piece is replaced by anything. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  const anything = fc.jsonValue({ maxDepth: 2 })
  if (Array.isArray(value))
    return fc.oneof({ weight: 1, arbitrary: anything }, { weight: 30, arbitrary: fc.tuple(...value.map(damaged)) })
  if (typeof value !== 'object' || value === null)
    return fc.oneof({ weight: 1, arbitrary: anything }, { weight: 30, arbitrary: fc.constant(value) })
  const fields = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, damaged(field)]))
  return fc.oneof({ weight: 1, arbitrary: anything }, { weight: 30, arbitrary: fc.record(fields, { requiredKeys: [] }) })
}

const lines = ['tool', 'question', 'child-ask', 'slowed', 'refused'].flatMap((name) =>
  readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
)

interface Line {
  readonly payload: { readonly properties: { readonly sessionID: string } }
}
const sessionOf = (line: string) => read<Line>(parseJson(line)).object('payload').object('properties').text('sessionID') ?? ''

test('events with any piece missing or replaced break nothing, and what comes out is whole', () => {
  const emitted: AgentEvent[] = []
  const ignore = () => undefined
  const damagedLine = fc.constantFrom(...lines).chain((line) => fc.tuple(fc.constant(sessionOf(line)), damaged(parseJson(line))))
  fc.assert(
    fc.property(damagedLine, ([session, event]) => {
      const events = new SessionEvents({ onEvent: (each) => emitted.push(each), lookUp: async () => undefined, onMissed: ignore })
      events.learn(read({ id: session }))
      events.receive(event)
    }),
    { numRuns: 500 },
  )
  expect(emitted.length).toBeGreaterThan(50)
  for (const event of emitted) {
    expect(event.session).toMatch(/^ses_/)
    if (event.kind === 'message') expect(event.message).toMatchObject({ id: expect.any(String), created: expect.any(Number) })
    if (event.kind === 'part') expect(event.part).toMatchObject({ id: expect.any(String) })
  }
})

test('answers of any shape break nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      messageOf(read(json))
      partOf(read(json))
      permissionOf(read(json))
      questionOf(read(json))
      statusIn(json, 'ses_1')
      refusalOf(400, json)
      refusalOf(404, { name: json, data: json })
    }),
  )
})
