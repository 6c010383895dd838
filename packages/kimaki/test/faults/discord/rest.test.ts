import { describe, expect, test } from 'vitest'
import { REST_ROWS } from './rest.ts'
import { useLanes } from './lanes.ts'

const lanes = useLanes({})

describe('a request', () => {
  test.concurrent.each(REST_ROWS)('$name', async (row) => {
    expect(await lanes.play(row)).toEqual([])
  })
})

describe('red control', () => {
  test.concurrent.each(REST_ROWS)('without $red.without: $name', async (row) => {
    expect((await lanes.play(row, row.red.without)).join('\n')).toMatch(row.red.shows)
  })
})
