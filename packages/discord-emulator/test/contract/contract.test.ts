import { expect, test } from 'vitest'
import { conformance } from '../../src/conformance.ts'
import { startEmulator } from '../../src/index.ts'
import { core } from './clients/core.ts'
import { discordJs } from './clients/discord-js.ts'
import { oceanic } from './clients/oceanic.ts'
import { contractSuite } from './suite.ts'
import type { Start } from './house.ts'

const spec = conformance()
const start: Start = (options) => startEmulator({ ...options, onExchange: spec.onExchange })

contractSuite('discord.js', discordJs, start)
contractSuite('@discordjs/core', core, start)
contractSuite('oceanic.js', oceanic, start)

test('what the three libraries sent and were answered keeps to the description of Discord', () => {
  expect(spec.report()).toEqual({ violations: [], unchecked: [expect.anything()], withoutSchema: [] })
})
