import { summarise } from 'checker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHarness, type Harness } from '../support/harness.ts'
import { randomKills, report } from './random-kills.ts'
import { CRASH_RULES } from './rules.ts'

let harness: Harness

beforeAll(async () => {
  harness = await startHarness({ rules: CRASH_RULES, emulator: { rateLimits: false } })
})

afterAll(async () => {
  await harness?.stop()
})

test('20 random kills: nothing lost, nothing doubled, nothing out of order', async () => {
  const projects = [await harness.project('alpha'), await harness.project('beta')]
  const result = await randomKills(harness, projects, { kills: 20, seed: 20 })
  process.stdout.write(`${report(result)}\n`)
  expect(summarise(result.verdict)).toBe(summarise({ ...result.verdict, findings: [] }))
  expect(result.inFlight).toBeGreaterThanOrEqual(0.7)
}, 120_000)
