import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHouse, type House } from '../../support/house.ts'
import { CRASH_RULES } from '../../crash/rules.ts'
import { REST_ROWS } from './rest.ts'
import { stage, type Stage } from './row.ts'

let house: House
let scenes: Stage

beforeAll(async () => {
  house = await startHouse({ rules: CRASH_RULES, emulator: { rateLimits: false } })
  scenes = stage(house, await house.project('alpha'))
})

afterAll(async () => {
  await scenes?.end()
  await house?.stop()
})

describe('a request', () => {
  test.each(REST_ROWS)('$name', async (row) => {
    expect(await scenes.play(row)).toEqual([])
  })
})

describe('red control', () => {
  test.each(REST_ROWS)('without $red.without: $name', async (row) => {
    expect((await scenes.play(row, row.red.without)).join('\n')).toMatch(row.red.shows)
  })
})
