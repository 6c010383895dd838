import { expect, test } from 'vitest'
import { benchCreates } from '../bench/creates.ts'
import { benchMemory } from '../bench/memory.ts'
import { benchSpread } from '../bench/spread.ts'
import { benchThreads } from '../bench/threads.ts'

test('the benches run and count', async () => {
  expect((await benchCreates(50)).perSecond).toBeGreaterThan(0)
  expect((await benchSpread(100)).perSecond).toBeGreaterThan(0)
  expect((await benchThreads(100)).threads).toBe(100)
  expect((await benchMemory(1000)).messages).toBe(1000)
})
