/** When a run is over: what ends it, what only looks as if it did, and what comes after its end. */
import { expect, test } from 'vitest'
import type { AgentEvent, AgentMessage, AgentPart } from '../../../src/domain/agent.ts'
import { noEffects, type Change } from '../../../src/domain/conversation/change.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { answer, conversation, delivered, idle, part, prompt, says, text } from '../../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 10 } as const

const busy = (...messages: readonly AgentMessage[]): Conversation =>
  conversation({ status: { kind: 'busy' }, prompts: [prompt(1, delivered(user.id, user.created))], messages })

const tell = (state: Conversation, ...events: readonly AgentEvent[]): Change =>
  events.reduce<Change>((change, event) => step(change.state, { kind: 'agent', at: 1, event }), noEffects(state))

const wants = ({ actions }: Change): readonly string[] => actions.map(({ kind }) => kind)
const done = answer('msg_a', user, [text('prt_1', 'Done.')])

test('idle with a last word to the newest message ends it', () => {
  expect(wants(tell(busy(user, done), idle))).toContain('collect-footer')
})

test('an idle that belongs to the run before ends nothing (P-013)', () => {
  const before = { kind: 'user', id: 'msg_before', created: 1 } as const
  const state = busy(before, answer('msg_b', before, [text('prt_0', 'Before.')]), user)
  const change = tell(state, idle)
  expect(wants(change)).toEqual(['read-session'])
  expect(change.state.turn.prompts[0]?.phase.kind).toBe('delivered')
})

test('an answer that called tools is not the last one, complete as it is (P-014)', () => {
  const change = tell(busy(user, { ...done, finish: 'tool-calls' }), idle)
  expect(wants(change)).toEqual(['read-session'])
})

test('a last word whose note of completion never came ends it all the same (P-015)', () => {
  expect(wants(tell(busy(user, { ...done, completed: undefined }), idle))).toContain('collect-footer')
})

test('a complete answer that is told again has one footer (P-016)', () => {
  const first = tell(busy(user, done), idle).state
  const described = step(first, {
    kind: 'report',
    at: 1,
    owner: 'footer',
    report: {
      answerId: 'msg_a',
      facts: { folder: 'p', branch: undefined, durationMs: 1, contextPercent: undefined, model: 'm', agent: 'build' },
    },
  }).state
  const again = tell(described, says(done), idle)
  expect(wants(again)).not.toContain('collect-footer')
  expect(view(again.state).filter(({ key }) => key.startsWith('footer/'))).toHaveLength(1)
})

test('a part of an answer to an earlier turn, told late, is not shown in this one (P-017)', () => {
  const state: Conversation = { ...busy(user), closedUpTo: 5 }
  const earlier: AgentMessage = answer('msg_old', { kind: 'user', id: 'msg_before', created: 1 }, [])
  const late: AgentPart = text('prt_old', 'From before.')
  const { state: after } = tell(state, says(earlier), part('msg_old', late))
  expect(view(after).map((block) => block.text)).not.toContain('⬥ From before.')
  expect(after.turn.messages.map(({ id }) => id)).toEqual(['msg_u'])
})
