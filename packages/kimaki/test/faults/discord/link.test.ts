/** A project begins at Discord's "now", whatever the clock of this machine says. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { CRASH_RULES } from '../../crash/rules.ts'
import { startHarness, type Harness } from '../../support/harness.ts'

const HOUR = 3_600_000
let harness: Harness

afterEach(async () => {
  await harness?.stop()
})

/** Linked, written to, and only then started, by a machine whose clock is an hour ahead of Discord's. */
async function written(alter: (harness: Harness, channelId: string) => void): Promise<string> {
  const opened = await startHarness({ rules: CRASH_RULES, emulator: { rateLimits: false, now: () => Date.now() - HOUR } })
  harness = opened
  const { channelId } = await opened.project('alpha', 'command')
  alter(opened, channelId)
  const { id } = opened.owner.send(channelId, 'text #m1')
  await opened.bot()
  return id
}

test('a message written right after a project was linked is answered', async () => {
  const id = await written(() => undefined)
  await harness.untilSaid(id, /^\*alpha/)
  harness.expectFaithful()
})

test("red control: with a cursor of the machine's clock it is lost", async () => {
  const id = await written(({ dataDir }, channelId) => {
    const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'))
    const now = (BigInt(Date.now() - 1_420_070_400_000) << 22n).toString()
    db.prepare('UPDATE cursor SET message = ? WHERE channel = ?').run(now, channelId)
    db.close()
  })
  await expect(harness.untilSaid(id, /^\*alpha/, 4000)).rejects.toThrow('in vain')
  expect(harness.verdict().findings.map(({ kind }) => kind)).toEqual(['lost'])
})
