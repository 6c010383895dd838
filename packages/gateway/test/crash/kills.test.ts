/** A short run of what `npm run test:gateway` does at length. */
import { expect, test } from 'vitest'
import { runKills } from './kills.ts'

test('killed at random under load, gateway and bots lose no message and hear none twice', async () => {
  const { gatewayKills, botKills, wanted, ...amiss } = await runKills({ kills: 8, seed: 3 })
  expect(Math.min(gatewayKills, botKills)).toBeGreaterThan(1)
  expect(wanted).toBeGreaterThan(50)
  expect(amiss).toMatchObject({ lost: 0, doubled: 0, foreign: 0, gaps: 0 })
})

test('red control: with Discord’s sequence saved before the events, kills of the gateway lose some of them', async () => {
  const { lost, doubled } = await runKills({ kills: 6, seed: 3, program: 'hasty', settleMs: 3000 })
  expect(lost).toBeGreaterThan(0)
  expect(doubled).toBe(0)
})
