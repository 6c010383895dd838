/** Keys that stand in files are known, so that none is ever said. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Secrets } from '../../src/base/redact.ts'
import { changeAccounts } from '../../src/host/accounts/account-list.ts'
import { learnFrom } from '../../src/opencode/secrets/stored-secrets.ts'
import type { ServerRecords } from '../../src/ports/agent.ts'

test('an account that is listed while the bot runs: its key is taken out from the next heartbeat on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stored-secrets-'))
  try {
    const records = { read: () => [], heartbeat: async () => undefined } as unknown as ServerRecords
    const secrets = new Secrets()
    const learning = learnFrom(records, { environment: { HOME: dataDir }, dataDir }, secrets)
    const said = 'the key is sk-abc-1234567890-def'
    await learning.heartbeat(1)
    expect(secrets.clean(said)).toBe(said)
    const account = { label: 'work', kind: 'api', key: 'sk-abc-1234567890-def' } as const
    changeAccounts(dataDir, () => ({ providers: { acme: [account] }, order: [] }))
    await learning.heartbeat(2)
    expect(secrets.clean(said)).toBe('the key is [redacted]')
  } finally {
    rmSync(dataDir, { recursive: true })
  }
})
