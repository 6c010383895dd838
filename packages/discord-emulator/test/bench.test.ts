import { expect, test } from 'vitest'
import { benchCreates } from '../bench/creates.ts'

test('the bench runs and counts', async () => {
  const { n, perSecond } = await benchCreates(50)
  expect(n).toBe(50)
  expect(perSecond).toBeGreaterThan(0)
})
