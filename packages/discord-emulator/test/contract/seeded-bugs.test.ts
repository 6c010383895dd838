import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../src/index.ts'
import type { Connect } from './client.ts'
import { core } from './clients/core.ts'
import { discordJs } from './clients/discord-js.ts'
import { oceanic } from './clients/oceanic.ts'
import { SEEDED_BUGS, type SeededBug } from './seeded-bugs.ts'
import { fails, type Area } from './suite.ts'

const LIBRARIES: Readonly<Record<string, Connect>> = { 'discord.js': discordJs, '@discordjs/core': core, 'oceanic.js': oceanic }

const BUGS = Object.entries(SEEDED_BUGS) as [Area, SeededBug][]

test.concurrent.each(BUGS)('%s: the check that notices its bug passes where no bug is seeded', async (area, { noticedBy }) => {
  expect(await fails(area, noticedBy, { connect: core, start: startEmulator })).toBe(false)
})

describe.each(Object.entries(LIBRARIES))('%s', (_library, connect) => {
  for (const [area, { bug, noticedBy, start }] of BUGS) {
    test.concurrent(`${area}: it is noticed when ${bug}`, async () => {
      expect(await fails(area, noticedBy, { connect, start })).toBe(true)
    })
  }
})
