import { describe, expect, test } from 'vitest'
import type { Connect } from './client.ts'
import { core } from './clients/core.ts'
import { discordJs } from './clients/discord-js.ts'
import { oceanic } from './clients/oceanic.ts'
import { SEEDED_BUGS } from './seeded-bugs.ts'
import { failures, type Area } from './suite.ts'

const LIBRARIES: Readonly<Record<string, Connect>> = { 'discord.js': discordJs, '@discordjs/core': core, 'oceanic.js': oceanic }

describe.each(Object.entries(LIBRARIES))('%s', (_library, connect) => {
  for (const [area, { bug, noticedBy, start }] of Object.entries(SEEDED_BUGS)) {
    test(`${area}: it is noticed when ${bug}`, async () => {
      expect(await failures(area as Area, connect, start, 3000)).toContain(noticedBy)
    })
  }
})
