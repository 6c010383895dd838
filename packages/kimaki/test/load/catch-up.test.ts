/** The short form of `npm run test:load`. */
import { afterEach, expect, test } from 'vitest'
import type { Entry } from '../support/bot-process.ts'
import { startHarness, type Harness } from '../support/harness.ts'
import { catchUpLoad, LOAD_RULES, type CatchUpLoad, type CatchUpResult } from './catch-up.ts'

const LOAD = { messages: 100, threads: 20, born: 4, downMs: 0 }
let harness: Harness

afterEach(async () => {
  await harness?.stop()
})

async function cameBack(load: CatchUpLoad, patienceMs: number, second?: Entry): Promise<CatchUpResult> {
  harness = await startHarness({ rules: LOAD_RULES })
  return catchUpLoad(harness, await harness.project('alpha'), load, { patienceMs, ...(second && { second }) })
}

test('a hundred messages in twenty threads, four of them new, are answered in order after the bot was away', async () => {
  const { verdict, answered, lastPostMs } = await cameBack(LOAD, 60_000)
  expect(verdict.findings).toEqual([])
  expect(answered).toBe(LOAD.messages)
  expect(lastPostMs).toBeLessThan(60_000)
})

test('red control: without catch-up they are lost', async () => {
  const faulty = { kind: 'composition', file: new URL('without-catch-up.ts', import.meta.url) } as const
  const { verdict } = await cameBack({ ...LOAD, messages: 12, threads: 6, born: 2 }, 5000, faulty)
  expect(new Set(verdict.findings.map(({ kind }) => kind))).toEqual(new Set(['lost']))
})
