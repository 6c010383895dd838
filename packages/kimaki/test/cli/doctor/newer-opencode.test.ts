/** An OpenCode 2 that was used on the same data: it is seen by its tables, and told with what follows. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { isBesideNewer } from '../../../src/cli/saved/newer-opencode.ts'
import { whyCommand } from '../../../src/commands/inquiry/why.ts'
import { besideNewerText } from '../../../src/view/inquiry/newer-opencode.ts'

function dataWith(tables: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-newer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'opencode'))
  const db = new DatabaseSync(join(folder, 'opencode/opencode.db'))
  db.exec(tables)
  db.close()
  return folder
}

test.each([
  ['tables of both', 'CREATE TABLE session (id TEXT); CREATE TABLE session_v2 (id TEXT)', true],
  ['ours alone', 'CREATE TABLE session (id TEXT)', false],
])('%s', (_what, tables, isThere) => {
  expect(isBesideNewer({ XDG_DATA_HOME: dataWith(tables) })).toBe(isThere)
})

test('no database, and one in memory', () => {
  expect([isBesideNewer({ XDG_DATA_HOME: '/not/there' }), isBesideNewer({ OPENCODE_DB: ':memory:' })]).toEqual([false, false])
})

test('/why says so beside its finding', async () => {
  const inquiry = { why: async () => ({ kind: 'idle' }) }
  const asked = (remark?: string) => whyCommand.work?.({ inquiry, remark } as never, { asker: { channelId: '1' } } as never)
  expect(await asked(besideNewerText)).toMatchObject({ reply: expect.stringMatching(/nothing holds this up[^]*\n⬦ OpenCode 2/) })
  expect(await asked()).not.toMatchObject({ reply: expect.stringContaining('OpenCode 2') })
})
