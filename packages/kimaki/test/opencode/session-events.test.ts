/** Which session an event belongs to, when that is not known at once. */
import { expect, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import type { AgentEvent } from '../../src/domain/agent.ts'
import type * as api from '../../src/opencode/wire/api.ts'
import { read } from '../../src/opencode/wire/read.ts'
import { SessionEvents } from '../../src/opencode/wire/session-events.ts'
import { SessionTree } from '../../src/opencode/wire/session-tree.ts'
import { until } from './fixtures/world.ts'

type Found = Partial<api.Session> | AgentUnavailable | undefined

function listen(answers: Readonly<Record<string, Found>>) {
  const emitted: AgentEvent[] = []
  const asked: string[] = []
  const toasts: string[] = []
  let missed = 0
  const gate = Promise.withResolvers<void>()
  const events = new SessionEvents({
    onEvent: (event) => emitted.push(event),
    onMissed: () => void (missed += 1),
    onToast: ({ message }) => toasts.push(message),
    async lookUp(session) {
      asked.push(session)
      await gate.promise
      const found = answers[session]
      return found === undefined || found instanceof Error ? found : read(found)
    },
  })
  return { events, emitted, asked, toasts, open: gate.resolve, missed: () => missed }
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

test('E1, E2: a session born before the stream was open is looked up once, and its events keep their order (P-038)', async () => {
  const { events, emitted, asked, open } = listen({ ses_a: { id: 'ses_a' } })
  events.receive(status('ses_a', 'busy'))
  events.receive(status('ses_a', 'idle'))
  expect(emitted).toEqual([])
  open()
  await until('both', () => emitted.length === 2)
  expect(emitted.map((event) => event.kind === 'status' && event.status.kind)).toEqual(['busy', 'idle'])
  events.receive(status('ses_a', 'busy'))
  expect(emitted).toHaveLength(3)
  expect(asked).toEqual(['ses_a'])
})

test('E2: a grandchild’s ask finds its root through parents nobody announced', async () => {
  const { events, emitted, open } = listen({
    ses_c: { id: 'ses_c', parentID: 'ses_b' },
    ses_b: { id: 'ses_b', parentID: 'ses_a' },
    ses_a: { id: 'ses_a' },
  })
  open()
  events.receive(question('ses_c'))
  await until('the ask', () => emitted.length > 0)
  expect(emitted).toEqual([
    {
      kind: 'asked',
      session: 'ses_a',
      ask: {
        kind: 'question',
        id: 'que_1',
        session: 'ses_c',
        title: 'Why?',
        questions: [
          {
            header: '',
            text: 'Why?',
            options: [],
            multiple: false,
          },
        ],
      },
    },
  ])
  events.receive(status('ses_b', 'busy'))
  expect(emitted).toHaveLength(1)
})

test('what is announced needs no look', () => {
  const { events, emitted, asked } = listen({})
  events.receive(born('ses_a'))
  events.receive(born('ses_b', 'ses_a'))
  events.receive(question('ses_b'))
  expect(emitted.map(({ kind, session }) => [kind, session])).toEqual([
    ['title', 'ses_a'],
    ['asked', 'ses_a'],
  ])
  expect(asked).toEqual([])
})

test('E3: a session that is gone is dropped; one that cannot be looked up must be read again', async () => {
  const { events, emitted, open, missed } = listen({ ses_x: undefined, ses_y: new AgentUnavailable({ reason: 'no answer' }) })
  open()
  events.receive(status('ses_x', 'busy'))
  events.receive(status('ses_y', 'busy'))
  await until('the notice', () => missed() === 1)
  expect(emitted).toEqual([])
})

test('a title is reported when it changes', () => {
  const { events, emitted } = listen({})
  events.receive(born('ses_a'))
  events.receive(born('ses_a'))
  expect(emitted).toHaveLength(1)
})

test('E4: memory stays bounded over a hundred thousand sessions (P-009, P-011)', () => {
  const tree = new SessionTree(async () => undefined)
  for (let n = 0; n < 100_000; n += 1) tree.learn(read({ id: `ses_${n}` }))
  expect(tree.rootOf('ses_0')).toBeUndefined()
  expect(tree.rootOf('ses_99999')).toBe('ses_99999')
})

test.each([
  ['that names a session is of its root', 'info', 'Key changed (ses_child1)', 'Key changed'],
  ['that names a session behind a colon', 'error', 'Limit reached: ses_child1', 'Limit reached'],
  ['without a session is of none', 'info', 'Updated to 1.2.3', undefined],
  ['with a session in its middle is of none', 'info', 'ses_child1 was shared', undefined],
  ['that warns is of none', 'warning', 'Slow down ses_child1', undefined],
])('a toast %s', async (_what, variant, message, shown) => {
  const { events, emitted, toasts, open } = listen({
    ses_child1: { id: 'ses_child1', parentID: 'ses_root' },
    ses_root: { id: 'ses_root' },
  })
  events.receive({ payload: { id: 'evt_1', type: 'tui.toast.show', properties: { message, variant, title: 'Usage' } } })
  open()
  if (shown === undefined) expect([toasts, emitted]).toEqual([[message], []])
  else {
    await expect
      .poll(() => emitted)
      .toEqual([{ kind: 'toast', session: 'ses_root', toast: { id: 'evt_1', variant, title: 'Usage', message: shown } }])
    expect(toasts).toEqual([])
  }
})
