import { describe, expect, test } from 'vitest'
import { GATEWAY_ROWS } from './gateway.ts'
import { useLanes } from './lanes.ts'

const lanes = useLanes({ heartbeatInterval: 700 })

describe('the gateway', () => {
  test.concurrent.each(GATEWAY_ROWS)('$name', async (row) => {
    expect(await lanes.play(row)).toEqual([])
  })
})

describe('red control', () => {
  test.concurrent.each(GATEWAY_ROWS)('without $red.without: $name', async (row) => {
    expect((await lanes.play(row, row.red.without)).join('\n')).toMatch(row.red.shows)
  })
})
