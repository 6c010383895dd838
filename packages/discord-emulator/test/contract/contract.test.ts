import { expect, test } from 'vitest'
import { assembleEmulator } from '../../src/assemble.ts'
import { conformance } from '../../src/conformance.ts'
import { PARTS } from '../../src/emulator.ts'
import { core } from './clients/core.ts'
import { discordJs } from './clients/discord-js.ts'
import { oceanic } from './clients/oceanic.ts'
import { heldDispatches } from './dispatched.ts'
import type { Start } from './house.ts'
import { contractSuite } from './suite.ts'

const spec = conformance()
const dispatches = heldDispatches()
const start: Start = (options) =>
  assembleEmulator({ ...options, onExchange: spec.onExchange }, { ...PARTS, dispatched: dispatches.dispatched })

contractSuite('discord.js', discordJs, start)
contractSuite('@discordjs/core', core, start)
contractSuite('oceanic.js', oceanic, start)

test('what the three libraries sent and were told keeps to the description of Discord', () => {
  expect(spec.report()).toEqual({ violations: [], unchecked: [expect.anything()], withoutSchema: [] })
  expect([...dispatches.found]).toEqual([])
})

test('a dispatch that lacks fields is noticed', () => {
  const { dispatched, found } = heldDispatches()
  dispatched('THREAD_CREATE', { id: '1', type: 11 })
  expect([...found].join()).toContain('THREAD_CREATE: name')
})
