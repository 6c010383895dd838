/** A model that hangs is stopped; a tool that takes long is not. */
import { describe, expect, test } from 'vitest'
import type { AgentPart } from '../../../src/domain/agent.ts'
import type { Feature } from '../../../src/domain/conversation/feature.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step, type Rules } from '../../../src/domain/conversation/step.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
import { answer, conversation, delivered, prompt, SESSION, text, tool } from '../../support/conversation.ts'

const RULES = { ...DEFAULT_RULES, settings: { ...DEFAULT_SETTINGS, modelStallMs: 8000 } }
const user = { kind: 'user', id: 'msg_u', created: 10 } as const

const busy = (...parts: readonly AgentPart[]): Conversation =>
  conversation({
    status: { kind: 'busy' },
    prompts: [prompt(1, delivered('msg_u', 10))],
    messages: [user, answer('msg_a', user, parts, { completed: undefined, finish: undefined })],
  })

const check = (state: Conversation): ReturnType<typeof step> =>
  step(state, { kind: 'alarm', owner: 'run', name: 'model-stall', at: 1 }, RULES)
function checkTimes(state: Conversation, times: number): Conversation {
  return times === 0 ? state : checkTimes(check(state).state, times - 1)
}
const alarm = { kind: 'set-alarm', owner: 'run', name: 'model-stall', delayMs: 2000 }

test('going busy arms a check after a quarter of the limit', () => {
  const status = { kind: 'status', session: SESSION, status: { kind: 'busy' } } as const
  const { actions } = step(busy(), { kind: 'agent', at: 1, event: status }, RULES)
  expect(actions).toEqual([alarm])
})

test('the fifth check without a byte stops the run and says why', () => {
  const almost = checkTimes(busy(text('t', 'Half', false)), 4)
  expect(almost.turn.prompts[0]?.phase.kind).toBe('delivered')
  const { state, effects } = check(almost)
  expect(state.turn.prompts[0]?.phase).toEqual({
    kind: 'ended',
    end: { kind: 'failed', reason: { kind: 'stalled', afterMs: 8000 } },
  })
  expect(effects.map(({ kind }) => kind)).toEqual(['abort'])
})

test('one byte begins the count anew', () => {
  const almost = checkTimes(busy(text('t', 'Half', false)), 4)
  const delta = { kind: 'delta', session: SESSION, messageId: 'msg_a', partId: 't', text: '.' } as const
  const spoken = step(almost, { kind: 'agent', at: 1, event: delta }, RULES).state
  expect(checkTimes(spoken, 4).turn.prompts[0]?.phase.kind).toBe('delivered')
})

test('a tool may take as long as it likes, and is looked at all the while', () => {
  const running = busy(tool('x', 'running'))
  expect(checkTimes(running, 50).turn.prompts[0]?.phase.kind).toBe('delivered')
  expect(check(running).actions).toEqual([alarm])
})

test('the input of a tool may take five times as long to write: OpenCode tells nothing of it meanwhile', () => {
  const almost = checkTimes(busy(tool('x', 'pending')), 20)
  expect(almost.turn.prompts[0]?.phase.kind).toBe('delivered')
  expect(check(almost).state.turn.prompts[0]?.phase).toMatchObject({ end: { reason: { kind: 'stalled', afterMs: 40_000 } } })
})

test('an idle session is not looked at', () => {
  expect(check(inTurn(busy(), { status: { kind: 'idle' } })).actions).not.toContainEqual(alarm)
})

describe('the count stands still, however often it is looked, while', () => {
  const running = busy(text('t', 'Half', false))
  const ask = { id: 'q', session: SESSION, kind: 'question', title: 'Which?' } as const
  const asked = step(
    busy(tool('x', 'running')),
    { kind: 'agent', at: 1, event: { kind: 'asked', session: SESSION, ask } },
    RULES,
  ).state
  const held: Feature = { name: 'test', version: 1, initial: undefined, gates: { interrupt: () => 'a test' } }
  const retries = { kind: 'retry', attempt: 1, message: 'overloaded', next: 1 } as const

  test.each<readonly [string, Conversation, Rules]>([
    ['a tool runs', busy(tool('x', 'running')), RULES],
    ['somebody is asked, and the agent waits for the answer', asked, RULES],
    ['the provider refuses for now', inTurn(running, { status: retries }), RULES],
    [
      'the session has not been read: its stream is broken, or the bot has just started',
      inTurn(running, { isSynced: false }),
      RULES,
    ],
    ['nothing of ours is in the session', inTurn(running, { prompts: [prompt(1, { kind: 'ready', prepared: [] })] }), RULES],
    ['a feature holds interrupts back', running, { ...RULES, features: [...RULES.features, held] }],
  ])('%s', (_what, state, rules) => {
    let after = state
    for (let times = 0; times < 50; times += 1)
      after = step(after, { kind: 'alarm', owner: 'run', name: 'model-stall', at: 1 }, rules).state
    expect(after.turn.stallChecks).toBe(0)
    expect(after.turn.prompts.map(({ phase }) => phase.kind)).not.toContain('ended')
  })

  test('the process was stopped, or the machine slept: one check is one, whatever the clock says', () => {
    const slept = step(running, { kind: 'alarm', owner: 'run', name: 'model-stall', at: 1e15 }, RULES)
    expect([slept.state.turn.stallChecks, slept.effects]).toEqual([1, []])
  })
})
