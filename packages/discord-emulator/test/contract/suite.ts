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
import { withHouse, type Setting, type Start } from './house.ts'

export const AREAS = { login, messages, threads, interactions, modals, autocomplete, uploads, resume, rateLimits }

/** What a bug keeps from happening does not happen later either. */
const SEEDED_PATIENCE_MS = 3000

export type Area = keyof typeof AREAS

export function contractSuite(library: string, connect: Connect, start: Start): void {
  describe.each(Object.entries(AREAS))(`${library}, %s`, (_area, checks) => {
    test.each(checks)('$says', async ({ options = {}, run }) => {
      await expect(withHouse({ start, connect, options, patience: 10_000 }, run)).resolves.toBeUndefined()
    })
  })
}

/** Whether a check of an area fails on an emulator. */
export async function fails(area: Area, says: string, { connect, start }: Pick<Setting, 'connect' | 'start'>): Promise<boolean> {
  const check = AREAS[area].find((one) => one.says === says)
  if (check === undefined) throw new Error(`No check of ${area} says: ${says}`)
  const { options = {}, run } = check
  return withHouse({ start, connect, options, patience: SEEDED_PATIENCE_MS }, run).then(
    () => false,
    () => true,
  )
}
