/** Whatever happens, in whatever order: the invariants hold, nothing is posted twice, and everything ends. */
import { assert, property, sample } from 'fast-check'
import { expect, test } from 'vitest'
import { shell } from '../../../src/domain/conversation/features/shell.ts'
import { interrupts } from '../../../src/domain/conversation/features/interrupts.ts'
import { queue } from '../../../src/domain/conversation/features/queue.ts'
import { commands } from './commands.ts'
import { Model } from './model.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000)
const TELL_EVERY = 50_000

test('random inputs keep the invariants, and a conversation that is left alone settles', () => {
  let runs = 0
  assert(
    property(commands, (list) => {
      runs += 1
      if (runs % TELL_EVERY === 0) process.stderr.write(`${runs} of ${RUNS} runs\n`)
      const model = new Model()
      model.play({ kind: 'message', n: 1 })
      for (const command of list) model.play(command)
      expect(model.drain()).toBe(true)
    }),
    { numRuns: RUNS },
  )
})

test('the commands reach commands that are begun, stopped, dropped, and that outlive a turn', () => {
  const reached = new Set<string>()
  for (const list of sample(commands, { numRuns: 500, seed: 1 })) {
    const model = new Model()
    for (const command of [{ kind: 'message', n: 1 } as const, ...list]) {
      model.play(command)
      const { turn, posts } = model.state
      for (const { id, phase, stoppedBy } of shell.of(model.state)) {
        reached.add(phase.kind === 'ended' ? phase.end.kind : phase.kind)
        if (stoppedBy !== undefined) reached.add('a person stopped it')
        if (phase.kind === 'running' && turn.prompts.length === 0 && posts.posted.size === 1 && posts.posted.has(`shell/${id}`))
          reached.add('outlived')
      }
    }
  }
  expect([...reached].toSorted()).toEqual([
    'a person stopped it',
    'cut-off',
    'dropped',
    'not-run',
    'outlived',
    'running',
    'timed-out',
    'waiting',
  ])
})

test('the commands reach every end of a prompt', () => {
  const ends = new Set<string>()
  for (const list of sample(commands, { numRuns: 1500, seed: 1 })) {
    const model = new Model()
    for (const command of [{ kind: 'message', n: 1 } as const, ...list]) {
      model.play(command)
      for (const { phase } of model.state.turn.prompts) if (phase.kind === 'ended') ends.add(phase.end.kind)
      for (const { phase } of queue.of(model.state)) if (phase.kind === 'removed') ends.add(phase.kind)
    }
  }
  expect([...ends].toSorted()).toEqual([
    'answered',
    'failed',
    'interrupted',
    'merged',
    'removed',
    'stopped',
    'stopped-by',
    'withdrawn',
  ])
})

test('the commands reach a slash command in every state that its answer distinguishes', () => {
  const reached = new Set<string>()
  for (const list of sample(commands, { numRuns: 1200, seed: 1 })) {
    const model = new Model()
    for (const command of [{ kind: 'message', n: 1 } as const, ...list]) model.play(command)
    for (const reply of model.replies) for (const part of partsOf(reply)) reached.add(part)
  }
  expect([...reached].toSorted()).toEqual(
    [
      'nothing runs yet',
      'nothing to stop: the agent is idle',
      'nothing to stop: this thread has no session yet',
      'nothing to take back',
      'stopped a run that was begun outside this thread',
      'stopped the run',
      'stopped: the provider is not asked again',
      'the run is being stopped already',
      'there is no command /unknown',
      'took back',
      'and took back',
      'next: unread',
      'next: already on the way',
      'next: the queue',
    ].toSorted(),
  )
})

/** What the answer says, without its numbers. */
function partsOf(reply: string): readonly string[] {
  const [first = '', second = ''] = reply.split('\n')
  return [
    first.slice(2).replace(/(nothing runs yet|took back|nothing to take back).*/, '$1'),
    ...(second.startsWith('Took back') ? ['and took back'] : []),
    ...(/Next: .*had not read/.test(second) ? ['next: unread'] : []),
    ...(/Next: .*already on the way/.test(second) ? ['next: already on the way'] : []),
    ...(/Next: .*from the queue/.test(second) ? ['next: the queue'] : []),
  ]
}

test('the commands reach runs that are stopped for a message, also across a crash', () => {
  const reached = new Set<string>()
  for (const list of sample(commands, { numRuns: 1500, seed: 1 })) {
    const model = new Model()
    for (const command of [{ kind: 'message', n: 1 } as const, ...list]) {
      const stopping = model.state.turn.interrupting !== undefined
      model.play(command)
      if (stopping && command.kind === 'crash' && model.state.turn.interrupting !== undefined)
        reached.add('being stopped after a crash')
      if (stopping && command.kind === 'outcome' && interrupts.of(model.state).length > 0) reached.add('stopped')
      if (stopping && command.kind === 'message' && model.state.turn.interrupting !== undefined) reached.add('the next one waits')
    }
  }
  expect([...reached].toSorted()).toEqual(['being stopped after a crash', 'stopped', 'the next one waits'])
})
