/** Which asks of the agent are allowed: those for files that people sent in this thread. */
import { expect, test } from 'vitest'
import { withFilesOf } from '../../../src/app/files-of-asks.ts'
import type { AgentEvent, Ask } from '../../../src/domain/agent.ts'
import { asks } from '../../../src/domain/conversation/features/asks.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, SESSION } from '../../support/conversation.ts'

const ask = (facts: Partial<Ask> = {}): Ask => ({ id: 'per_1', kind: 'permission', session: SESSION, title: 'x', ...facts })
const asked = (facts: Partial<Ask>): AgentEvent => ({ kind: 'asked', session: SESSION, ask: ask(facts) })

test.each([
  ['files of this thread', { filesOf: '1' }, {}, 'allow-ask'],
  ['files of another thread', { filesOf: '2' }, {}, 'reject-ask'],
  ['files of the thread it is a copy of', { filesOf: '2' }, { 'copied-from': ['2'] }, 'allow-ask'],
  ['any other path', { outside: ['/etc/*'] }, {}, 'reject-ask'],
  ['a question', { kind: 'question' }, {}, 'reject-ask'],
] as const)('the agent asks for %s', (_, facts, features, kind) => {
  const { state, effects } = step(conversation({}, { features }), { kind: 'agent', at: 1, event: asked(facts) })
  expect(effects.map((effect) => effect.kind)).toEqual([kind])
  const isAllowed = kind === 'allow-ask'
  expect(asks.of(state)).toHaveLength(isAllowed ? 0 : 1)
  expect(view(state)).toHaveLength(isAllowed ? 0 : 1)
})

test('an ask that is allowed stays without a word, whatever becomes of the answer', () => {
  const { state, effects } = step(conversation(), { kind: 'agent', at: 1, event: asked({ filesOf: '1' }) })
  const [effect] = effects
  if (!effect) throw new Error('no effect')
  expect(step(state, { kind: 'outcome', at: 2, effect, outcome: { kind: 'gone' } })).toMatchObject({ effects: [], state })
})

test('only an ask for paths outside the project is looked up', () => {
  const files = { ownerOf: (patterns: readonly string[]) => (patterns[0] === '/data/attachments/1/*' ? '1' : undefined) }
  expect(withFilesOf(asked({ outside: ['/data/attachments/1/*'] }), files)).toMatchObject({ ask: { filesOf: '1' } })
  expect(withFilesOf(asked({ outside: ['/etc/*'] }), files)).toEqual(asked({ outside: ['/etc/*'] }))
  expect(withFilesOf(asked({}), files)).toEqual(asked({}))
})
