/** Writes a line of the audit file. It stays on record, and is tried again, until the line is there. */
import type { Outcome } from '../../domain/conversation/effect.ts'
import type { WriteAudit } from '../../domain/conversation/features/asks/audit.ts'
import { defineEffect } from './definition.ts'

export const audit = defineEffect<WriteAudit, Outcome>({
  kind: 'audit',
  afterCrash: { by: 'idempotent', why: 'a line that is written again has the same key' },
  proof: {
    file: 'packages/kimaki/test/app/audit.test.ts',
    test: 'killed before it knows that a line is there, the bot writes it again under the same key',
  },
  async run({ audit: file, clock, retry }, { entry }) {
    return retry.until(async (): Promise<Outcome | undefined> => {
      const written = await file.write({ ...entry, at: entry.at ?? clock.now() })
      return written instanceof Error ? undefined : { kind: 'done' }
    })
  },
})
