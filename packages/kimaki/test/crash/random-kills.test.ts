import { summarise } from 'checker'
import { expect, test } from 'vitest'
import { useHarness } from '../support/use-harness.ts'
import { randomKills, report } from './random-kills.ts'
import { CRASH_RULES } from './rules.ts'

const { harness, project } = useHarness({ rules: CRASH_RULES })

test('12 random kills: nothing lost, nothing doubled, nothing out of order', async () => {
  const projects = [project, await harness.project('beta')]
  const result = await randomKills(harness, projects, { kills: 12, seed: 20 })
  process.stdout.write(`${report(result)}\n`)
  expect(summarise(result.verdict)).toBe(summarise({ ...result.verdict, findings: [] }))
  expect(result.inFlight).toBeGreaterThanOrEqual(0.7)
})
