/** The file: private, of a version we know, shared with nobody's harm. */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { leaveForeignVerbosity } from '../../src/store/migrate.ts'
import { createStore } from '../../src/store/store.ts'
import { MIGRATIONS } from '../../src/store/schema.ts'
import { newFile, open } from './support.ts'
import { CHANNEL, GUILD } from '../support/conversation.ts'

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

test('a new file is private, with all that SQLite puts beside it, in a private folder', async () => {
  const file = newFile()
  const store = open(file)
  await store.commit({ cursors: [{ channelId: 'c', messageId: '1' }] })
  expect([dirname(file), file, `${file}-wal`, `${file}-shm`].map(mode)).toEqual(['700', '600', '600', '600'])
})

test('a file that was left readable for others is made private', async () => {
  const file = newFile()
  await open(file).close()
  chmodSync(file, 0o644)
  open(file)
  expect(mode(file)).toBe('600')
})

test('an empty file, as a crash may leave it, is filled', async () => {
  const file = newFile()
  mkdirSync(dirname(file))
  writeFileSync(file, '')
  await open(file).linkProject({ channelId: CHANNEL, guildId: GUILD, directory: '/p' }, '1')
  expect(new DatabaseSync(file).prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length })
})

test('the tables of another program stay', async () => {
  const file = newFile()
  mkdirSync(dirname(file))
  const other = new DatabaseSync(file)
  other.exec(`CREATE TABLE thread_sessions (id TEXT); INSERT INTO thread_sessions VALUES ('theirs')`)
  other.close()
  await open(file).close()
  expect(new DatabaseSync(file).prepare('SELECT id FROM thread_sessions').get()).toEqual({ id: 'theirs' })
})

test('a table of the older Kimaki that has the name of one of ours stays, and the file opens', async () => {
  const file = newFile()
  mkdirSync(dirname(file))
  const other = new DatabaseSync(file)
  other.exec(
    `CREATE TABLE channel_verbosity (channel_id TEXT PRIMARY KEY, verbosity TEXT); INSERT INTO channel_verbosity VALUES ('1', 'theirs')`,
  )
  other.close()
  const store = open(file)
  await store.commit({ verbosity: { channelId: '1', level: 'text_only' } })
  expect([...(await store.verbosities())]).toEqual([['1', 'text_only']])
  await store.close()
  expect(new DatabaseSync(file).prepare('SELECT verbosity FROM channel_verbosity').get()).toEqual({ verbosity: 'theirs' })
})

test('what channels show is kept where our own table had that name', async () => {
  const file = newFile()
  mkdirSync(dirname(file))
  const db = new DatabaseSync(file)
  const before = MIGRATIONS.indexOf(leaveForeignVerbosity)
  for (const migration of MIGRATIONS.slice(0, before)) {
    if (typeof migration === 'string') db.exec(migration)
    else migration(db)
  }
  db.exec(`INSERT INTO channel_verbosity VALUES ('1', 'text_only'); PRAGMA user_version = ${before}`)
  db.close()
  expect([...(await open(file).verbosities())]).toEqual([['1', 'text_only']])
})

test('a file of a newer program is refused and stays as it is, to the byte', async () => {
  const file = newFile()
  await open(file).close()
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`)
  db.close()
  const before = readFileSync(file)
  const refused = createStore(file)
  expect(refused).toBeInstanceOf(Error)
  expect(refused).toMatchObject({ message: expect.stringContaining('newer kimaki') as string })
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('what is no database is a sentence', () => {
  const file = newFile()
  mkdirSync(dirname(file))
  writeFileSync(file, 'no database at all, but long enough to be looked at as one. '.repeat(20))
  expect(createStore(file)).toMatchObject({ message: expect.stringContaining(`cannot use ${file}`) as string })
})

test('the installation keeps its name', async () => {
  const file = newFile()
  const first = open(file)
  const name = first.installId
  await first.close()
  expect(open(file).installId).toBe(name)
})

test('a channel that is linked again has its new folder and its old cursor', async () => {
  const store = open()
  await store.linkProject({ channelId: CHANNEL, guildId: GUILD, directory: '/one' }, '10')
  await store.linkProject({ channelId: CHANNEL, guildId: GUILD, directory: '/two' }, '20')
  expect(await store.projects()).toEqual([{ channelId: CHANNEL, guildId: GUILD, directory: '/two' }])
  expect((await store.cursors()).get(CHANNEL)).toBe('10')
})
