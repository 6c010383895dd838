import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../src/index.ts'
import type { Connect } from './client.ts'
import { core } from './clients/core.ts'
import { discordJs } from './clients/discord-js.ts'
import { oceanic } from './clients/oceanic.ts'
import { SEEDED_BUGS } from './seeded-bugs.ts'
import { AREAS, failures, type Area } from './suite.ts'

const LIBRARIES: Readonly<Record<string, Connect>> = { 'discord.js': discordJs, '@discordjs/core': core, 'oceanic.js': oceanic }

test.each(Object.keys(AREAS))('%s: where no bug is seeded, none is noticed', async (area) => {
  expect(await failures(area as Area, core, startEmulator, 3000)).toEqual([])
})

describe.each(Object.entries(LIBRARIES))('%s', (_library, connect) => {
  for (const [area, { bug, noticedBy, start }] of Object.entries(SEEDED_BUGS)) {
    test(`${area}: it is noticed when ${bug}`, async () => {
      expect(await failures(area as Area, connect, start, 3000)).toContain(noticedBy)
    })
  }
})
