/** A turn that works longer than the operator allows is warned, and then stopped. */
import { expect, test } from 'vitest'
import { turnLimit } from '../../../src/domain/conversation/features/limits/turn-limit.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
import { view } from '../../../src/view/index.ts'
import { answer, conversation, delivered, prompt, SESSION } from '../../support/conversation.ts'

const rules = (turnLimitMin: number | undefined) => ({ ...DEFAULT_RULES, settings: { ...DEFAULT_SETTINGS, turnLimitMin } })
const user = { kind: 'user', id: 'msg_u', created: 1 } as const
const busy = conversation({
  status: { kind: 'busy' },
  prompts: [prompt(1, delivered('msg_u', 1))],
  messages: [user, answer('msg_a', user, [], { completed: undefined, finish: undefined })],
})
const minute: Input = { kind: 'alarm', owner: 'run', name: 'turn-minute', at: 1 }
const alarm = { kind: 'set-alarm', owner: 'run', name: 'turn-minute', delayMs: 60_000 }

/** What the thread says of it, and whether the run is stopped, after so many minutes of work. */
function after(minutes: number, limit: number | undefined, state: Conversation = busy) {
  let [now, aborts]: [Conversation, number] = [state, 0]
  for (let index = 0; index < minutes; index += 1) {
    const { state: next, effects } = step(now, minute, rules(limit))
    now = next
    aborts += effects.filter(({ kind }) => kind === 'abort').length
  }
  const texts = view(now).flatMap(({ key, text }) => (/^turn-limit|end$/.test(key) ? [text.split('\n')[0]] : []))
  return { texts, aborts, state: now }
}

const WARNING = '⬦ this turn is stopped after 20 minutes of work, which is soon'
const STOPPED = '✗ stopped: the turn has worked for 20 minutes, the limit here (KIMAKI_TURN_LIMIT_MIN)'

test('no limit: nothing is counted', () => {
  expect(after(1000, undefined)).toMatchObject({ texts: [], aborts: 0 })
})

test('it is warned with a tenth left, and stopped once', () => {
  expect(after(17, 20)).toMatchObject({ texts: [], aborts: 0 })
  expect(after(18, 20)).toMatchObject({ texts: [WARNING], aborts: 0 })
  expect(after(20, 20)).toMatchObject({ texts: ['⬦ the turn came close to its limit of 20 minutes of work', STOPPED], aborts: 1 })
  expect(after(1, 1)).toMatchObject({ aborts: 1 })
})

test('the next minute is waited for: when the session is read, and after each minute', () => {
  const snapshot = { messages: [user], status: { kind: 'busy' }, title: undefined } as const
  expect(step(busy, { kind: 'snapshot', at: 9, snapshot, meanwhile: [] }, rules(20)).actions).toContainEqual(alarm)
  expect(step(busy, minute, rules(20)).actions).toContainEqual(alarm)
})

test('minutes of an idle session, and those in which a person is asked, do not count', () => {
  expect(after(100, 20, { ...busy, turn: { ...busy.turn, status: { kind: 'idle' }, messages: [] } }).aborts).toBe(0)
  const ask = { id: 'per_1', session: SESSION, kind: 'permission', permission: 'bash', title: 'x', patterns: ['x'] } as const
  const asked = step(busy, { kind: 'agent', at: 1, event: { kind: 'asked', session: SESSION, ask } }).state
  expect(after(100, 20, asked)).toMatchObject({ aborts: 0 })
})

test('minutes of a turn before do not count for the next', () => {
  const { state } = after(15, 20)
  const next = { ...state, turn: { ...state.turn, prompts: [prompt(2, delivered('msg_u', 1))] } }
  expect(turnLimit.of(after(1, 20, next).state)?.minutes).toBe(1)
})
