/** A line of the audit file is on record before it is written: no kill loses one. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Ask } from '../../src/domain/agent.ts'
import { AuditUnavailable } from '../../src/base/errors.ts'
import { audit } from '../../src/app/effects/audit.ts'
import type { WriteAudit } from '../../src/domain/conversation/features/asks/audit.ts'
import { endsEffect, hangsAt, openHarness, prompted, type Harness } from './support/harness.ts'
import { handleOf, testEffects } from './support/effects.ts'
import { until } from './support/until.ts'
import { SESSION } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const ask: Ask = {
  id: 'per_1',
  kind: 'permission',
  session: SESSION,
  title: 'bash: date',
  permission: 'bash',
  patterns: ['date'],
}

test('killed before it knows that a line is there, the bot writes it again under the same key', async () => {
  const first = await harness.run(hangsAt(endsEffect('audit')))
  await prompted(first)
  first.agent.emit({ kind: 'asked', session: SESSION, ask })
  await until('the line', () => first.audited.length === 1)
  const second = await harness.run()
  await until('the line again', () => second.audited.length > 0)
  expect(second.audited[0]).toEqual(first.audited[0])
  expect(first.audited[0]).toMatchObject({ key: 'per_1/asked', what: 'asked' })
})

test('a file that cannot be written is tried until it can, and the line has the time of what it tells', async () => {
  const written: unknown[] = []
  const write = async (entry: unknown): Promise<undefined | AuditUnavailable> =>
    written.push(entry) < 3 ? new AuditUnavailable({ path: 'audit.jsonl', reason: 'no room' }) : undefined
  const { deps, clock } = testEffects({ audit: { write } })
  const effect: WriteAudit = {
    key: 'audit/x',
    kind: 'audit',
    owner: 'nobody',
    entry: { key: 'x', at: 5, what: 'asked', conversation: '1' },
  }
  let outcome: object | undefined
  void audit.run(deps, effect, { isRetry: false, conversation: handleOf(undefined) }).then((ended) => (outcome = ended))
  await until('the outcome', () => (clock.advance(30_000), outcome !== undefined))
  expect(outcome).toEqual({ kind: 'done' })
  expect(written).toEqual([effect.entry, effect.entry, effect.entry])
})
