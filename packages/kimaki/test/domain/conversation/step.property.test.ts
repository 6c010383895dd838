/** Whatever happens, in whatever order: the invariants hold, nothing is posted twice, and everything ends. */
import { assert, property, sample } from 'fast-check'
import { expect, test } from 'vitest'
import { dice } from './dice.ts'
import { Model } from './model.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000)
const TELL_EVERY = 50_000

test('random inputs keep the invariants, and a conversation that is left alone settles', () => {
  let runs = 0
  assert(
    property(dice, (rolled) => {
      runs += 1
      if (runs % TELL_EVERY === 0) process.stderr.write(`${runs} of ${RUNS} runs\n`)
      const model = new Model()
      model.play({ kind: 'message', n: 1 })
      for (const die of rolled) model.play(die)
      expect(model.drain()).toBe(true)
    }),
    { numRuns: RUNS },
  )
})

test('the dice reach commands that are begun, stopped, dropped, and that outlive a turn', () => {
  const reached = new Set<string>()
  for (const rolled of sample(dice, { numRuns: 500, seed: 1 })) {
    const model = new Model()
    for (const die of [{ kind: 'message', n: 1 } as const, ...rolled]) {
      model.play(die)
      const { commands, prompts, posted } = model.state
      for (const { id, phase, stoppedBy } of commands) {
        reached.add(phase.kind === 'ended' ? phase.end.kind : phase.kind)
        if (stoppedBy !== undefined) reached.add('a person stopped it')
        if (phase.kind === 'running' && prompts.length === 0 && posted.size === 1 && posted.has(`shell/${id}`))
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

test('the dice reach every end of a prompt', () => {
  const ends = new Set<string>()
  for (const rolled of sample(dice, { numRuns: 1500, seed: 1 })) {
    const model = new Model()
    for (const die of [{ kind: 'message', n: 1 } as const, ...rolled]) {
      model.play(die)
      for (const { phase } of model.state.prompts) if (phase.kind === 'ended') ends.add(phase.end.kind)
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

test('the dice reach runs that are stopped for a message, also across a crash', () => {
  const reached = new Set<string>()
  for (const rolled of sample(dice, { numRuns: 1500, seed: 1 })) {
    const model = new Model()
    for (const die of [{ kind: 'message', n: 1 } as const, ...rolled]) {
      const stopping = model.state.interrupting !== undefined
      model.play(die)
      if (stopping && die.kind === 'crash' && model.state.interrupting !== undefined) reached.add('being stopped after a crash')
      if (stopping && die.kind === 'outcome' && model.state.interrupts.length > 0) reached.add('stopped')
      if (stopping && die.kind === 'message' && model.state.interrupting !== undefined) reached.add('the next one waits')
    }
  }
  expect([...reached].toSorted()).toEqual(['being stopped after a crash', 'stopped', 'the next one waits'])
})
