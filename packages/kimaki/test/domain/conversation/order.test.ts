/** Messages go to the agent in the order they arrived, whatever the clock said. */
import { describe, expect, test } from 'vitest'
import { coveredPrompts, newestUser } from '../../../src/domain/conversation/run/derive.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { conversation, delivered, message, prompt, says, user } from '../../support/conversation.ts'

const HOUR = 3_600_000

describe.each([
  ['in one moment', [9 * HOUR, 9 * HOUR, 9 * HOUR]],
  ['while the clock jumps back', [9 * HOUR, 8 * HOUR, 7 * HOUR]],
])('three messages that come %s', (_when, times) => {
  test('are submitted in their order', () => {
    const told = times.reduce<Conversation>(
      (state, at, n) => {
        const written = message(`m${n}`, { id: `7${n}`, sentAt: new Date(at).toISOString() })
        return step(state, { kind: 'message', at, order: n + 1, message: written }).state
      },
      conversation({ isSynced: false }),
    )
    expect(told.turn.prompts.map(({ message: { text } }) => text)).toEqual(['m0', 'm1', 'm2'])
  })
})

test('of two messages that OpenCode has from one moment the one told last is the newest, and its answer covers both', () => {
  const state = conversation({
    prompts: [prompt(1, delivered('msg_b', 9)), prompt(2, delivered('msg_a', 9))],
  })
  const told = [user('msg_b', 9), user('msg_a', 9)].reduce(
    (next, each) => step(next, { kind: 'agent', at: 1, event: says(each) }).state,
    state,
  )
  expect(newestUser(told)?.id).toBe('msg_a')
  expect(coveredPrompts(told).map(({ order }) => order)).toEqual([1, 2])
})
