/** What is read in OpenCode's database, and when: on a file with its tables. (That they are its tables, a second OpenCode shows: `e2e/terminal.test.ts`.) */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { databaseOf } from '../../src/opencode/terminals/database.ts'
import { createTerminals } from '../../src/opencode/terminals/terminals.ts'
import { askForeign } from '../../src/store/inquiry/foreign.ts'
import type { TerminalsPort } from '../../src/ports/agent/terminals.ts'
import { until } from '../support/until.ts'

const TABLES = `PRAGMA journal_mode = WAL;
  CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT NOT NULL, title TEXT NOT NULL, metadata TEXT,
    time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL);
  CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL, data TEXT NOT NULL);
  CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, session_id TEXT NOT NULL, time_created INTEGER NOT NULL,
    time_updated INTEGER NOT NULL, data TEXT NOT NULL)`

let home: string
let terminals: TerminalsPort
let stop = (): void => undefined
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kimaki-terminals-'))
  const made = createTerminals({ XDG_DATA_HOME: home }, 20, askForeign)
  if (!made) throw new Error('There is no database')
  terminals = made
})
afterEach(() => {
  stop()
  rmSync(home, { recursive: true, force: true })
})

function inDatabase(write: (db: DatabaseSync) => void): void {
  const file = databaseOf({ XDG_DATA_HOME: home }) ?? ''
  mkdirSync(dirname(file), { recursive: true })
  const db = new DatabaseSync(file)
  if (!db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'session'`).get()) db.exec(TABLES)
  write(db)
  db.close()
}

const session = (id: string, updated: number, facts: { parent?: string; directory?: string; metadata?: unknown } = {}): void =>
  inDatabase((db) => {
    const { parent = null, directory = '/p', metadata } = facts
    db.prepare(`INSERT INTO session VALUES (?, ?, ?, 'A title', ?, 1, ?)`).run(
      id,
      parent,
      directory,
      metadata === undefined ? null : JSON.stringify(metadata),
      updated,
    )
  })

interface Stored {
  readonly id: string
  readonly data: Readonly<Record<string, unknown>>
  readonly parts?: readonly Readonly<Record<string, unknown>>[]
}

const messages = (...stored: readonly Stored[]): void =>
  inDatabase((db) => {
    for (const [index, { id, data, parts = [] }] of stored.entries()) {
      const at = index + 1
      db.prepare(`INSERT INTO message VALUES (?, 's', ?, ?, ?)`).run(
        id,
        at,
        at,
        JSON.stringify({ time: { created: at }, ...data }),
      )
      for (const [number, part] of parts.entries())
        db.prepare(`INSERT INTO part VALUES (?, ?, 's', ?, ?, ?)`).run(`${id}_${number}`, id, at, at + 10, JSON.stringify(part))
    }
  })

const asked = (id: string, ...parts: NonNullable<Stored['parts']>): Stored => ({ id, data: { role: 'user' }, parts })
const words = (text: string, more = {}) => ({ type: 'text', text, ...more })
const answer = (id: string, parentID: string, more = {}): Stored => ({ id, data: { role: 'assistant', parentID, ...more } })

describe('sessions', () => {
  test('are the root sessions of these folders that were used since, with who made them', () => {
    session('ses_1', 30)
    session('ses_2', 20, { metadata: { kimaki: '1' } })
    session('ses_3', 25, { metadata: { aside: '1' } })
    session('ses_old', 10)
    session('ses_child', 40, { parent: 'ses_1' })
    session('ses_other', 40, { directory: '/other' })
    const found = terminals.sessions(['/p', '/q'], 10)
    expect(found).toMatchObject([
      { id: 'ses_2', isOurs: true },
      { id: 'ses_3', isOurs: true },
      { id: 'ses_1', isOurs: false, title: 'A title', directory: '/p', created: 1, updated: 30 },
    ])
  })

  test('are none without a database, and a sentence where it has other tables', () => {
    expect([terminals.sessions(['/p'], 0), terminals.last('s')]).toEqual([[], undefined])
    inDatabase((db) => db.exec('DROP TABLE session'))
    const failure = terminals.sessions(['/p'], 0)
    expect(failure instanceof Error && failure.message).toContain("OpenCode's database cannot be read")
  })
})

describe('what was written last', () => {
  const ours = asked('msg_1', words('plant'), words('<discord-user name="ada" />\n', { synthetic: true }))
  test.each<readonly [string, readonly Stored[], unknown]>([
    ['nothing', [], undefined],
    [
      'words, and names of files',
      [asked('msg_1', words('look'), { type: 'file', filename: 'a.png' })],
      { words: 'look\n[a.png]', isAnswered: false },
    ],
    ['a prompt of ours', [ours], { id: 'msg_1', words: '' }],
    [
      'an answer that has ended',
      [asked('msg_1', words('hi')), answer('msg_2', 'msg_1', { finish: 'stop' })],
      { id: 'msg_1', isAnswered: true },
    ],
    [
      'a step with tools',
      [asked('msg_1', words('hi')), answer('msg_2', 'msg_1', { finish: 'tool-calls' })],
      { isAnswered: false },
    ],
    [
      'a context that is being summed up',
      [asked('msg_1', words('hi')), answer('msg_2', 'msg_1', { finish: 'stop' }), asked('msg_3', { type: 'compaction' })],
      { id: 'msg_1', words: 'hi', isAnswered: false, updated: 13 },
    ],
  ])('%s', (_, stored, expected) => {
    messages(...stored)
    const last = terminals.last('s')
    expect(expected === undefined ? [last] : last).toEqual(
      expected === undefined ? [undefined] : expect.objectContaining(expected),
    )
  })
})

test('a change is told, also of a database that was not there yet, and nothing any more after the end', async () => {
  let calls = 0
  stop = terminals.watch(() => void (calls += 1))
  session('ses_1', 1)
  await until('the first change', () => calls > 0)
  const before = calls
  session('ses_2', 2)
  await until('the second change', () => calls > before)
  stop()
  const after = calls
  session('ses_3', 3)
  expect(calls).toBe(after)
})

test.each([
  [{ XDG_DATA_HOME: '/data' }, '/data/opencode/opencode.db'],
  [{ HOME: '/home/ada' }, '/home/ada/.local/share/opencode/opencode.db'],
  [{ XDG_DATA_HOME: '/data', OPENCODE_DB: 'mine.db' }, '/data/opencode/mine.db'],
  [{ OPENCODE_DB: '/elsewhere/mine.db' }, '/elsewhere/mine.db'],
  [{ OPENCODE_DB: ':memory:' }, undefined],
])('the database of %j is %s', (environment, file) => expect(databaseOf(environment)).toBe(file))
