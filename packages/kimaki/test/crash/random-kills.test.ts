import { summarise } from 'checker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHouse, type House } from '../support/house.ts'
import { randomKills, report } from './random-kills.ts'
import { CRASH_RULES } from './rules.ts'

let house: House

beforeAll(async () => {
  house = await startHouse({ rules: CRASH_RULES, emulator: { rateLimits: false } })
})

afterAll(async () => {
  await house?.stop()
})

test('20 random kills: nothing lost, nothing doubled, nothing out of order', async () => {
  const projects = [await house.project('alpha'), await house.project('beta')]
  const result = await randomKills(house, projects, { kills: 20, seed: 20 })
  process.stdout.write(`${report(result)}\n`)
  expect(summarise(result.verdict)).toBe(summarise({ ...result.verdict, findings: [] }))
  expect(result.inFlight).toBeGreaterThanOrEqual(0.7)
}, 120_000)
