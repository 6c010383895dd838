/** Spoken commands count at the beginning, and nowhere else (P-235). */
import { describe, expect, test } from 'vitest'
import { spokenOf } from '../../../../src/domain/message/voice/spoken.ts'

const AGENTS = ['build', 'plan', 'code-review', 'code']

describe('"queue" at the beginning', () => {
  test.each([
    ['Queue. Water the plants.', 'Water the plants.'],
    ['queue, water the plants', 'Water the plants'],
    ['Queue this, water the plants', 'Water the plants'],
    ['Queue this message: water the plants', 'Water the plants'],
    ['Please queue that. Then water the plants', 'Water the plants'],
    ['Cue: water the plants', 'Water the plants'],
    ['Queue up water the plants', 'Water the plants'],
  ])('%s', (speech, text) => expect(spokenOf(speech, AGENTS)).toEqual({ text, isQueued: true, agent: undefined }))

  test.each([
    'Queue implementations are slow, look at them.',
    'Write a queue, then test it.',
    'Put this in the queue.',
    'Queueing theory, explain it.',
    'Barbecue, how does it work?',
  ])('not in: %s', (speech) => expect(spokenOf(speech, AGENTS)).toEqual({ text: speech, isQueued: false, agent: undefined }))

  test('alone is no command: there is nothing to run', () =>
    expect(spokenOf(' Queue. ', AGENTS)).toEqual({ text: 'Queue.', isQueued: false, agent: undefined }))
})

describe('an agent at the beginning', () => {
  test.each([
    ['Agent plan, how would you do it?', 'plan', 'How would you do it?'],
    ['Use the plan agent to look at it', 'plan', 'Look at it'],
    ['Switch to agent code review and read the diff', 'code-review', 'Read the diff'],
    ['agent code: read the diff', 'code', 'Read the diff'],
    ['With the build agent, go on', 'build', 'Go on'],
  ])('%s', (speech, agent, text) => expect(spokenOf(speech, AGENTS)).toEqual({ text, isQueued: false, agent }))

  test.each([
    'Tell me what the plan agent does.',
    'Agent Smith is in this film.',
    'Agents plan nothing by themselves.',
    'Agent planning is hard.',
    'Plan the work.',
  ])('not in: %s', (speech) => expect(spokenOf(speech, AGENTS)).toEqual({ text: speech, isQueued: false, agent: undefined }))
})

test.each(['Queue, agent plan, water the plants', 'Agent plan: queue. Water the plants'])('both, in either order: %s', (speech) =>
  expect(spokenOf(speech, AGENTS)).toEqual({ text: 'Water the plants', isQueued: true, agent: 'plan' }),
)
