/** The contract: what a bot may rely on, held to a client library nobody here wrote. Run unchanged with each of them. */
import { describe, expect, test } from 'vitest'
import { autocomplete } from './areas/autocomplete.ts'
import { interactions } from './areas/interactions.ts'
import { login } from './areas/login.ts'
import { messages } from './areas/messages.ts'
import { modals } from './areas/modals.ts'
import { rateLimits } from './areas/rate-limits.ts'
import { resume } from './areas/resume.ts'
import { threads } from './areas/threads.ts'
import { uploads } from './areas/uploads.ts'
import type { Connect } from './client.ts'
import { withHouse, type Start } from './house.ts'

export const AREAS = { login, messages, threads, interactions, modals, autocomplete, uploads, resume, rateLimits }

export type Area = keyof typeof AREAS

export function contractSuite(library: string, connect: Connect, start: Start): void {
  describe.each(Object.entries(AREAS))(`${library}, %s`, (_area, checks) => {
    test.each(checks)('$says', async ({ options = {}, run }) => {
      await expect(withHouse({ start, connect, options, patience: 10_000 }, run)).resolves.toBeUndefined()
    })
  })
}

/** The checks of an area that fail on an emulator, with the reasons. */
export async function failures(area: Area, connect: Connect, start: Start, patience: number): Promise<readonly string[]> {
  const outcomes = AREAS[area].map(({ says, options = {}, run }) =>
    withHouse({ start, connect, options, patience }, run).then(
      () => undefined,
      () => says,
    ),
  )
  return (await Promise.all(outcomes)).filter((says) => says !== undefined)
}
