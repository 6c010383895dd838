/** `kimaki import`: what of an older Kimaki's database is taken over, what is left and why, and that nothing of it is changed. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig, type Config } from '../../../src/cli/config.ts'
import { takeControl } from '../../../src/cli/control/lock.ts'
import { reportLines } from '../../../src/cli/import/report.ts'
import { carryOut, dryRun, type Imported } from '../../../src/cli/import/take-over.ts'
import { readSaved } from '../../../src/cli/saved/credentials.ts'
import { createStore } from '../../../src/store/store.ts'
import { olderDatabase } from './older.ts'

const TOKEN = 'MTAwMDAwMDAwMDAwMDAwMDAx.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789ab'
const GUILD = '100000000000000001'
const id = (number: number): string => String(200_000_000_000_000_000n + BigInt(number))

let dir: string
let config: Config

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-import-test-')))
  mkdirSync(join(dir, 'garden'))
  config = configFor({})
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function configFor(env: Readonly<Record<string, string>>): Config {
  // Nobody serves that address: Discord cannot be asked.
  const found = readConfig({}, { KIMAKI_DATA_DIR: join(dir, 'data'), KIMAKI_DISCORD_API_URL: 'http://127.0.0.1:9/api', ...env })
  if (found instanceof Error) throw found
  return found
}

const importedFrom = (result: Imported | Error): Imported => {
  if (result instanceof Error) throw result
  return result
}

const channel = (number: number, folder: string, more = `'text', '${GUILD}'`): string =>
  `INSERT INTO channel_directories (channel_id, directory, channel_type, guild_id) VALUES ('${id(number)}', '${folder}', ${more});`
const thread = (number: number, session: string, updated = '2026-01-01 10:00:00'): string =>
  `INSERT INTO thread_sessions (thread_id, session_id, updated_at) VALUES ('${id(number)}', '${session}', '${updated}');`
const bot = (app: string, more: string, token = TOKEN): string =>
  `INSERT INTO bot_tokens (app_id, token, bot_mode, last_used_at) VALUES ('${app}', '${token}', ${more});`

async function planned(sql: string) {
  const from = join(dir, 'older.db')
  olderDatabase(from, sql).close()
  return importedFrom(await dryRun(config, from)).plan
}

describe('a row', () => {
  const garden = (): string => channel(1, join(dir, 'garden'))
  test.each([
    ['a channel', () => garden(), 'take', ''],
    ['a voice channel', () => channel(1, join(dir, 'garden'), `'voice', '${GUILD}'`), 'leave', 'a voice channel'],
    ['a channel whose folder is gone', () => channel(1, '/no/such'), 'leave', '/no/such does not exist'],
    ['a channel of the home folder', () => channel(1, homedir()), 'leave', 'add --force'],
    ['a channel without a server', () => channel(1, join(dir, 'garden'), `'text', NULL`), 'leave', 'kimaki project link'],
    ['a channel whose id is a word', () => `${garden()} UPDATE channel_directories SET channel_id = 'x'`, 'leave', 'no id'],
    ['a thread', () => thread(5, 'ses_a'), 'take', ''],
    ['a thread without a session', () => thread(5, ''), 'leave', 'no session yet'],
    ['a thread with a session of another program', () => thread(5, '42'), 'leave', 'no id of a session'],
    [
      'a thread in a worktree',
      () =>
        `${thread(5, 'ses_a')} INSERT INTO thread_workspaces VALUES ('${id(5)}', 'worktree', 'ready', '/p', '/p/tree', 'tree')`,
      'leave',
      'worktree /p/tree',
    ],
    [
      'a thread whose worktree was never made',
      () => `${thread(5, 'ses_a')} INSERT INTO thread_workspaces VALUES ('${id(5)}', 'worktree', 'error', '/p', NULL, 'tree')`,
      'take',
      '',
    ],
    ['a bot', () => bot('1', `'self_hosted', NULL`), 'take', ''],
    ['the shared bot', () => bot('1', `'gateway', NULL`), 'leave', 'a bot of your own'],
    ['a bot without a token', () => bot('1', `'self_hosted', NULL`, ''), 'leave', 'no bot token'],
    ['a planned task', () => `INSERT INTO scheduled_tasks (prompt_preview) VALUES ('water')`, 'leave', 'no schedules yet'],
  ])('%s', async (_, sql, verdict, why) => {
    const { items } = await planned(sql())
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ verdict })
    expect(items[0]?.why ?? '').toContain(why)
  })

  test('settings count where their channel does, in the words of today', async () => {
    const { settings, items } = await planned(`${garden()} ${channel(2, '/no/such')}
      INSERT INTO channel_agents (channel_id, agent_name) VALUES ('${id(1)}', 'plan'), ('${id(2)}', 'plan');
      INSERT INTO channel_models (channel_id, model_id, variant) VALUES ('${id(1)}', 'router/some/model', 'high'), ('${id(2)}', 'x', NULL);
      INSERT INTO channel_verbosity (channel_id, verbosity) VALUES ('${id(1)}', 'text-only');
      INSERT INTO channel_mention_mode (channel_id, enabled) VALUES ('${id(1)}', 1), ('${id(2)}', 0);
      INSERT INTO global_models VALUES ('1', 'p/all', NULL), ('2', 'p/other', NULL);
      ${bot('1', `'self_hosted', '2026-02-01T00:00:00.000Z'`)} ${bot('2', `'self_hosted', '2026-01-31 23:00:00'`)}`)
    expect(settings.map(({ set }) => set)).toEqual([
      { preferences: [{ place: id(1), name: 'agent', value: 'plan' }] },
      { preferences: [{ place: id(1), name: 'model', value: { provider: 'router', model: 'some/model', variant: 'high' } }] },
      { preferences: [{ place: id(1), name: 'mention', value: true }] },
      { preferences: [{ place: undefined, name: 'model', value: { provider: 'p', model: 'all', variant: undefined } }] },
      { verbosity: { channelId: id(1), level: 'text_only' } },
    ])
    expect(items.filter(({ kind, verdict }) => kind === 'bot' && verdict === 'take')).toMatchObject([{ id: '1' }])
    expect(JSON.stringify(items)).not.toContain(TOKEN)
  })

  test('a session has the thread it was bound to last, whichever way the time is written', async () => {
    const { threads } =
      await planned(`${thread(5, 'ses_a', '2026-01-02T00:00:00.000Z')} ${thread(6, 'ses_a', '2026-01-01 23:59:59')}
      INSERT INTO session_agents VALUES ('ses_a', 'plan'); INSERT INTO session_models VALUES ('ses_a', 'p/m', NULL);`)
    const model = { provider: 'p', model: 'm', variant: undefined }
    expect(threads).toEqual([{ thread: id(5), session: 'ses_a', chosen: { agent: 'plan', model } }])
  })
})

test('a database of the first version, with fewer tables and columns, is read', async () => {
  const from = join(dir, 'older.db')
  const db = olderDatabase(from)
  for (const { name } of db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all())
    db.exec(`DROP TABLE "${String(name)}"`)
  db.exec(`CREATE TABLE thread_sessions (thread_id TEXT PRIMARY KEY, session_id TEXT NOT NULL, created_at DATETIME);
    CREATE TABLE bot_tokens (app_id TEXT PRIMARY KEY, token TEXT NOT NULL, created_at DATETIME);
    INSERT INTO thread_sessions VALUES ('${id(5)}', 'ses_a', NULL); INSERT INTO bot_tokens VALUES ('1', '${TOKEN}', NULL);`)
  db.close()
  const { plan } = importedFrom(await dryRun(config, from))
  expect(plan).toMatchObject({ token: TOKEN, threads: [{ thread: id(5), session: 'ses_a' }] })
})

test('what the older one has not yet written into its file counts, its file stays as it is to the byte, and a dry run makes no folder', async () => {
  const from = join(dir, 'older.db')
  const open = olderDatabase(from)
  open.exec(thread(5, 'ses_a'))
  const bytes = (): readonly Buffer[] => [from, `${from}-wal`].map((file) => readFileSync(file))
  const before = bytes()
  const { plan } = importedFrom(await dryRun(config, from))
  expect(plan.threads).toHaveLength(1)
  expect(bytes()).toEqual(before)
  expect(readdirSync(dir).toSorted()).toEqual(['garden', 'older.db', 'older.db-shm', 'older.db-wal'])
  open.close()
  importedFrom(await dryRun(config, from))
  expect(readdirSync(dir).toSorted()).toEqual(['garden', 'older.db'])
})

test('both sets of tables in one file: taken over once, and a second time nothing is new', async () => {
  mkdirSync(config.dataDir, { mode: 0o700 })
  olderDatabase(
    config.database,
    `${bot('1', `'self_hosted', NULL`)} ${channel(1, join(dir, 'garden'))} ${thread(5, 'ses_a')}
    INSERT INTO channel_verbosity (channel_id, verbosity) VALUES ('${id(1)}', 'text_only');
    INSERT INTO channel_agents (channel_id, agent_name) VALUES ('${id(1)}', 'plan');
    INSERT INTO session_agents VALUES ('ses_a', 'build');`,
  ).close()
  const from = config.database
  const first = importedFrom(await carryOut(config, from))
  expect(reportLines(from, first, true).join('\n')).toContain('Done.')
  expect(readSaved(config.dataDir)).toEqual({ token: TOKEN })
  expect(statSync(join(config.dataDir, 'credentials.json')).mode & 0o777).toBe(0o600)
  const store = createStore(from)
  if (store instanceof Error) throw store
  expect(await store.projects()).toEqual([{ channelId: id(1), guildId: GUILD, directory: join(dir, 'garden') }])
  expect(await store.preferences()).toEqual([{ place: id(1), name: 'agent', value: 'plan' }])
  expect([...(await store.verbosities())]).toEqual([[id(1), 'text_only']])
  expect(await store.load(id(5))).toMatchObject({ takenOver: { session: 'ses_a', chosen: { agent: 'build' } } })
  expect(await store.hasConversation(id(5))).toBe(true)
  await store.close()
  config = configFor({})
  const second = importedFrom(await carryOut(config, from))
  expect(second.plan.items.map(({ verdict }) => verdict)).toEqual(second.plan.items.map(() => 'known'))
  expect(reportLines(from, second, true).at(-1)).toContain('Nothing is new')
})

test('while a kimaki holds the folder, nothing is taken over', async () => {
  mkdirSync(config.dataDir, { mode: 0o700 })
  const from = join(dir, 'older.db')
  olderDatabase(from, thread(5, 'ses_a')).close()
  const lock = await takeControl({ dataDir: config.dataDir, port: config.lockPort }, {})
  if (!lock || lock instanceof Error) throw new Error('the lock is taken')
  expect(await carryOut(config, from)).toMatchObject({ message: expect.stringContaining('End it') as string })
  await lock.close()
  expect(await dryRun(config, join(dir, 'none.db'))).toMatchObject({ message: expect.stringContaining('--from') as string })
})
