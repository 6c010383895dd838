import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHouse, type House } from '../../support/house.ts'
import { CRASH_RULES } from '../../crash/rules.ts'
import { GATEWAY_ROWS } from './gateway.ts'
import { stage, type Stage } from './row.ts'

let house: House
let scenes: Stage

beforeAll(async () => {
  house = await startHouse({ rules: CRASH_RULES, emulator: { rateLimits: false, heartbeatInterval: 700 } })
  scenes = stage(house, await house.project('alpha'))
})

afterAll(async () => {
  await scenes?.end()
  await house?.stop()
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
