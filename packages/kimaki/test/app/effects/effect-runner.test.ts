/** Effects: each once at a time, three tries for a defect, and none of it for a stop. */
import { describe, expect, test } from 'vitest'
import type { EffectDefinition } from '../../../src/app/effects/definition.ts'
import { EffectRunner } from '../../../src/app/effect-runner.ts'
import { EFFECTS } from '../../../src/app/effects/index.ts'
import type { AnyOutcome, Effect } from '../../../src/domain/conversation/effect.ts'
import { deadLetterText, refusedText } from '../../../src/view/text/notice.ts'
import { OWNER, conversation, ownerAccess } from '../../support/conversation.ts'
import { handleOf, testEffects, type TestEffects, type TestHandle } from '../support/effects.ts'
import { quiet } from '../support/until.ts'

const EFFECT: Effect = { key: 'test/1', kind: 'test', owner: 'run' }

function setUp(run: EffectDefinition['run'], definition: Partial<EffectDefinition> = {}) {
  const bed = testEffects()
  const handle = handleOf(conversation())
  const runner = new EffectRunner(bed.deps, [
    { kind: 'test', afterCrash: { by: 'idempotent', why: 'a test' }, proof: { points: [] }, run, ...definition },
  ])
  return { ...bed, handle, runner }
}

const outcomes = ({ inputs }: TestHandle): readonly AnyOutcome[] =>
  inputs.flatMap((input) => (input.kind === 'outcome' ? [input.outcome] : []))

/** Every pause between tries is over. */
async function pass({ clock }: TestEffects): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    await quiet(3)
    clock.advance(30_000)
  }
  await quiet(3)
}

describe('an effect', () => {
  test('hands its outcome back with the effect it belongs to', async () => {
    const { runner, handle, clock } = setUp(async () => ({ kind: 'done' }))
    runner.run(handle, EFFECT, false)
    await quiet(3)
    expect(handle.inputs).toEqual([{ kind: 'outcome', at: clock.now(), effect: EFFECT, outcome: { kind: 'done' } }])
  })

  test('runs once at a time, however often it is asked for, and again once it has ended', async () => {
    let runs = 0
    const ending = Promise.withResolvers<AnyOutcome>()
    const { runner, handle } = setUp(async () => ((runs += 1), ending.promise))
    runner.run(handle, EFFECT, false)
    runner.run(handle, EFFECT, true)
    await quiet(3)
    expect(runs).toBe(1)
    ending.resolve({ kind: 'done' })
    await quiet(3)
    runner.run(handle, EFFECT, true)
    await quiet(3)
    expect(runs).toBe(2)
  })

  test('is told whether an earlier process, or an earlier try, may have done it', async () => {
    const told: boolean[] = []
    const bed = setUp(async (_deps, _effect, { isRetry }) => {
      told.push(isRetry)
      if (told.length === 1) throw new Error('broken')
      return { kind: 'done' }
    })
    bed.runner.run(bed.handle, EFFECT, false)
    await pass(bed)
    bed.runner.run(bed.handle, EFFECT, true)
    await pass(bed)
    expect(told).toEqual([false, true, true])
  })

  test('of a kind that this version does not know counts as failed', async () => {
    const { runner, handle } = setUp(async () => ({ kind: 'done' }))
    runner.run(handle, { ...EFFECT, kind: 'of tomorrow' }, true)
    await quiet(3)
    expect(outcomes(handle)).toEqual([{ kind: 'failed', text: deadLetterText() }])
  })
})

describe('an effect that throws', () => {
  const failing = (error: unknown) => {
    let runs = 0
    const bed = setUp(async () => {
      runs += 1
      throw error
    })
    return { ...bed, runs: () => runs }
  }

  test('red control: any error but a stop is logged, tried three times, then told', async () => {
    const bed = failing(new Error('broken'))
    bed.runner.run(bed.handle, EFFECT, false)
    await pass(bed)
    expect([bed.runs(), bed.lines.length]).toEqual([3, 3])
    expect(outcomes(bed.handle)).toEqual([{ kind: 'failed', text: deadLetterText() }])
  })

  test('an AbortError is no defect: it is not logged, not tried again, and has no outcome, so it stays on record', async () => {
    const bed = failing(AbortSignal.abort().reason)
    bed.runner.run(bed.handle, EFFECT, false)
    await pass(bed)
    expect([bed.runs(), bed.lines, bed.handle.inputs]).toEqual([1, [], []])
  })

  test('is not tried again once the bot stops', async () => {
    const bed = failing(new Error('broken'))
    bed.runner.run(bed.handle, EFFECT, false)
    await quiet(3)
    bed.stop()
    await pass(bed)
    expect([bed.runs(), bed.handle.inputs, bed.clock.pending]).toEqual([1, [], 0])
  })
})

describe('the rights of whoever asked', () => {
  const access = () => ({ requestId: 'discord:1', guildId: '2', userId: OWNER })
  const lost = { ...ownerAccess, ownerId: 'another' }

  async function ended(isRetry: boolean, definition: Partial<EffectDefinition>): Promise<readonly AnyOutcome[]> {
    const bed = setUp(async () => ({ kind: 'done' }), definition)
    bed.chat.on.accessOf = async () => lost
    bed.runner.run(bed.handle, EFFECT, isRetry)
    await quiet(3)
    return outcomes(bed.handle)
  }

  test('that are lost keep it from running', async () => {
    expect(await ended(false, { access })).toEqual([{ kind: 'failed', text: refusedText() }])
    expect(await ended(true, { access })).toEqual([{ kind: 'failed', text: refusedText() }])
  })

  test('do not count for what an earlier try has done already', async () => {
    expect(await ended(true, { access, isDone: async () => true })).toEqual([{ kind: 'done' }])
    expect(await ended(false, { access, isDone: async () => true })).toEqual([{ kind: 'failed', text: refusedText() }])
  })

  test('are not asked for where the effect needs none, or no person stands for it', async () => {
    expect(await ended(false, {})).toEqual([{ kind: 'done' }])
    expect(await ended(false, { access: () => ({ ...access(), userId: undefined }) })).toEqual([{ kind: 'done' }])
  })
})

test('every kind of effect is registered once', () => {
  const kinds = EFFECTS.map(({ kind }) => kind)
  expect(new Set(kinds).size).toBe(kinds.length)
})
