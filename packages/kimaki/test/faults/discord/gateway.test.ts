import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHarness, type Harness } from '../../support/harness.ts'
import { CRASH_RULES } from '../../crash/rules.ts'
import { GATEWAY_ROWS } from './gateway.ts'
import { stage, type Stage } from './row.ts'

let harness: Harness
let scenes: Stage

beforeAll(async () => {
  harness = await startHarness({ rules: CRASH_RULES, emulator: { rateLimits: false, heartbeatInterval: 700 } })
  scenes = stage(harness, await harness.project('alpha'))
})

afterAll(async () => {
  await scenes?.end()
  await harness?.stop()
})

describe('the gateway', () => {
  test.each(GATEWAY_ROWS)('$name', async (row) => {
    expect(await scenes.play(row)).toEqual([])
  })
})

describe('red control', () => {
  test.each(GATEWAY_ROWS)('without $red.without: $name', async (row) => {
    expect((await scenes.play(row, row.red.without)).join('\n')).toMatch(row.red.shows)
  })
})
