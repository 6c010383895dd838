import { describe, expect, test } from 'vitest'
import { freePort } from '../../src/opencode/process/free-port.ts'

describe('a port search that finds none', () => {
  test('ends after a hundred taken ports, and says so', async () => {
    let tried = 0
    const found = await freePort(async () => ((tried += 1), 'taken'))
    expect([tried, found]).toEqual([100, expect.objectContaining({ reason: expect.stringContaining('all are taken') })])
  })

  test('ends at once when no port can be tried', async () => {
    let tried = 0
    const found = await freePort(async () => ((tried += 1), 'EMFILE'))
    expect([tried, found]).toEqual([1, expect.objectContaining({ reason: expect.stringContaining('EMFILE') })])
  })

  test('finds a port on this machine', async () => expect(await freePort()).toBeTypeOf('number'))
})
