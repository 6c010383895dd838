/** A connection as a stream of Hrana uses it: values, arguments, conditions, and what it never does (Q1 to Q3). */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Connection } from '../../../src/store/hrana/connection.ts'
import { parametersOf } from '../../../src/store/hrana/parameters.ts'

const folder = mkdtempSync(join(tmpdir(), 'kimaki-hrana-'))
const file = join(folder, 'db')
let reading: Connection
let writing: Connection

beforeAll(() => {
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE) STRICT; INSERT INTO t VALUES (1, 'one');
    CREATE TABLE server (directory TEXT, password TEXT); INSERT INTO server VALUES ('/p', 'secret');
    CREATE TABLE bot_tokens (app_id TEXT, token TEXT); INSERT INTO bot_tokens VALUES ('1', 'secret')`)
  db.close()
  reading = new Connection(file, 'read')
  writing = new Connection(file, 'write')
})
afterEach(() => void writing.answer([{ type: 'sequence', sql: `DELETE FROM t WHERE a <> 1` }]))
afterAll(() => {
  reading.close()
  writing.close()
  rmSync(folder, { recursive: true })
})

interface Executed {
  readonly rows: readonly (readonly unknown[])[]
  readonly affected_row_count: number
  readonly last_insert_rowid: string | null
  readonly cols: readonly unknown[]
}

/** The result, or the error. JSON as it goes over the line. */
function ask(
  connection: Connection,
  request: object,
): { readonly result?: unknown; readonly code?: string } & Record<string, unknown> {
  const [answer] = JSON.parse(JSON.stringify(connection.answer([request]))) as [
    { type: string; response?: object; error?: object },
  ]
  return { ...answer.response, ...answer.error }
}

const execute = (connection: Connection, sql: string, more: object = {}): Executed & { readonly code?: string } => {
  const { result, ...others } = ask(connection, { type: 'execute', stmt: { sql, ...more } })
  return { ...(result as Executed), ...others }
}

describe('values go over the line as they are', () => {
  test.each([
    ['NULL', { type: 'null' }],
    ['9223372036854775807', { type: 'integer', value: '9223372036854775807' }],
    ['-3', { type: 'integer', value: '-3' }],
    ['0.5', { type: 'float', value: 0.5 }],
    ['1e999', { type: 'float', value: Infinity }],
    [`'é'`, { type: 'text', value: 'é' }],
    [`x'00ff'`, { type: 'blob', base64: 'AP8=' }],
  ])('%s', (sql, value) => {
    expect(execute(reading, `SELECT ${sql}`).rows).toEqual([[value]])
    if (sql !== '1e999') expect(execute(reading, 'SELECT ?', { args: [value] }).rows).toEqual([[value]])
  })
})

describe('parameters are numbered as SQLite numbers them', () => {
  test.each([
    ['SELECT ?, ?', [undefined, undefined]],
    ['SELECT ?3, ?', [undefined, undefined, '?3', undefined]],
    ['SELECT :a, @b, $c, :a', [':a', '@b', '$c']],
    [`SELECT '?', "?:a", [?], \`?\`, x'00', a1?, 1 -- ?\n, /* ? :b */ :c`, [undefined, ':c']],
    [`SELECT 'it''s ?', ?`, [undefined]],
    ['SELECT $a::b', ['$a::b']],
    ['SELECT 1', []],
  ])('%s', (sql, names) => {
    expect(parametersOf(sql)).toEqual(names)
  })
})

describe('arguments reach their parameters', () => {
  const one = { type: 'integer', value: '1' }
  const two = { type: 'integer', value: '2' }
  test.each([
    ['by place', 'SELECT ?, ?', { args: [one, two] }, ['1', '2']],
    ['by number', 'SELECT ?2, ?1', { args: [one, two] }, ['2', '1']],
    ['by place, where it has a name', 'SELECT :a, ?', { args: [one, two] }, ['1', '2']],
    ['by name without a sign', 'SELECT :a, $a', { named_args: [{ name: 'a', value: one }] }, ['1', '1']],
    ['by name with its sign', 'SELECT @a, ?', { args: [one, two], named_args: [{ name: '@a', value: two }] }, ['2', '2']],
  ])('%s', (_how, sql, args, values) => {
    expect(execute(reading, sql, args).rows[0]).toEqual(values.map((value) => ({ type: 'integer', value })))
  })

  test.each([
    ['too few', 'SELECT ?, ?', { args: [one] }],
    ['too many', 'SELECT ?', { args: [one, two] }],
    ['one that is not there', 'SELECT :a', { named_args: [{ name: 'b', value: one }] }],
    ['a value of no type', 'SELECT ?', { args: [{ type: 'date', value: 1 }] }],
    ['an integer that is none', 'SELECT ?', { args: [{ type: 'integer', value: '1.5' }] }],
  ])('%s', (_what, sql, args) => {
    expect(execute(reading, sql, args).code).toBe('ARGS_INVALID')
  })
})

describe('Q1: where it only reads, SQLite refuses everything else', () => {
  test.each([
    [`INSERT INTO t VALUES (2, 'two')`, 'SQLITE_READONLY'],
    ['DROP TABLE t', 'SQLITE_READONLY'],
    ['CREATE TEMP TABLE u (a)', 'SQLITE_READONLY'],
    ['BEGIN IMMEDIATE', 'SQLITE_READONLY'],
    ['BEGIN EXCLUSIVE', 'SQLITE_READONLY'],
    ['VACUUM', 'SQLITE_AUTH'],
    ['PRAGMA query_only = 0', 'SQLITE_AUTH'],
    ['PRAGMA QUERY_ONLY(0)', 'SQLITE_AUTH'],
    ['PRAGMA journal_mode = DELETE', 'SQLITE_AUTH'],
    ['PRAGMA wal_checkpoint(TRUNCATE)', 'SQLITE_AUTH'],
    ['PRAGMA user_version = 9', 'SQLITE_AUTH'],
    [`SELECT load_extension('/x')`, 'SQLITE_ERROR'],
  ])('%s', (sql, code) => {
    expect(execute(reading, sql).code).toBe(code)
    expect(ask(reading, { type: 'sequence', sql: `SELECT 1; ${sql}` })['code']).toBe(code)
    expect(execute(writing, 'SELECT count(*) FROM t').rows).toEqual([[{ type: 'integer', value: '1' }]])
  })

  test.each(['PRAGMA table_info(t)', 'PRAGMA user_version', 'PRAGMA journal_mode', 'SELECT * FROM pragma_table_list'])(
    'and tells %s',
    (sql) => {
      expect(execute(reading, sql).rows.length).toBeGreaterThan(0)
    },
  )
})

test.each(['read', 'write'] as const)('Q2: no other file is reached, whatever is allowed (%s)', (mode) => {
  const connection = mode === 'read' ? reading : writing
  const other = join(folder, 'other')
  expect(execute(connection, `ATTACH '${other}' AS other`).code).toBe('SQLITE_AUTH')
  expect(execute(connection, `VACUUM INTO '${other}'`).code).toBe('SQLITE_AUTH')
  expect(existsSync(other)).toBe(false)
  expect(execute(connection, 'VACUUM').code).toBe(mode === 'read' ? 'SQLITE_AUTH' : undefined)
})

test.each(['read', 'write'] as const)('Q3: what is a password or a token reads as NULL (%s)', (mode) => {
  const connection = mode === 'read' ? reading : writing
  for (const sql of [
    'SELECT password FROM server',
    'SELECT Token FROM bot_tokens',
    'SELECT s.password FROM (SELECT * FROM server) AS s',
    'SELECT max(PASSWORD) FROM main.server',
  ])
    expect(execute(connection, sql).rows).toEqual([[{ type: 'null' }]])
})

test('what is written is counted, and what is read is not', () => {
  const { affected_row_count: count, last_insert_rowid: id } = execute(
    writing,
    `INSERT INTO t VALUES (7, 'x'), (8, 'y') RETURNING a`,
  )
  expect([count, id]).toEqual([2, '8'])
  expect(execute(writing, 'SELECT a FROM t')).toMatchObject({ affected_row_count: 0, last_insert_rowid: null })
  expect(execute(writing, 'CREATE INDEX IF NOT EXISTS i ON t (b)').affected_row_count).toBe(0)
  expect(execute(writing, `INSERT INTO t VALUES (9, 'x')`).code).toBe('SQLITE_CONSTRAINT')
})

test('columns, and rows that are not wanted', () => {
  const { cols, rows } = execute(reading, 'SELECT a, a AS a, 1 + 1 FROM t', { want_rows: false })
  expect(cols).toEqual([
    { name: 'a', decltype: 'INTEGER' },
    { name: 'a', decltype: 'INTEGER' },
    { name: '1 + 1', decltype: null },
  ])
  expect(rows).toEqual([])
})

describe('one statement at a time', () => {
  test.each([
    ['SELECT 1; SELECT 2', 'SQL_MANY_STATEMENTS'],
    ['SELECT 1; nonsense', 'SQL_MANY_STATEMENTS'],
    ['-- nothing', 'SQL_NO_STATEMENT'],
    ['SELECT 1; -- the end\n;', undefined],
  ])('%s', (sql, code) => {
    expect(execute(reading, sql).code).toBe(code)
  })
})

describe('a statement is described without being run', () => {
  test.each([
    [
      'SELECT a FROM t WHERE b = :b AND a > ?',
      { is_readonly: true, is_explain: false, params: [{ name: ':b' }, { name: null }] },
    ],
    ['INSERT INTO t VALUES (?, ?)', { is_readonly: false, cols: [] }],
    [' EXPLAIN DELETE FROM t', { is_explain: true }],
    ['PRAGMA user_version', { is_readonly: true }],
    ['PRAGMA user_version = 3', { is_readonly: false }],
    ['BEGIN', { is_readonly: true }],
  ])('%s', (sql, described) => {
    expect(ask(writing, { type: 'describe', sql }).result).toMatchObject(described)
  })
})

describe('a step of a batch runs only if its condition holds', () => {
  const step = (sql: string, condition?: object) => ({ stmt: { sql }, condition })
  test.each([
    ['ok', { type: 'ok', step: 0 }, true],
    ['error', { type: 'error', step: 1 }, true],
    [
      'a step that was left out is neither',
      {
        type: 'or',
        conds: [
          { type: 'ok', step: 9 },
          { type: 'error', step: 9 },
        ],
      },
      false,
    ],
    ['not', { type: 'not', cond: { type: 'ok', step: 1 } }, true],
    [
      'and',
      {
        type: 'and',
        conds: [
          { type: 'ok', step: 0 },
          { type: 'ok', step: 1 },
        ],
      },
      false,
    ],
    ['is_autocommit', { type: 'is_autocommit' }, true],
  ])('%s', (_name, condition, runs) => {
    const { result } = ask(reading, {
      type: 'batch',
      batch: { steps: [step('SELECT 1'), step('nonsense'), step('SELECT 3', condition)] },
    })
    const { step_results: results, step_errors: errors } = result as { step_results: unknown[]; step_errors: unknown[] }
    expect(results.map((one) => one !== null)).toEqual([true, false, runs])
    expect(errors).toEqual([null, { code: 'SQLITE_ERROR', message: expect.stringContaining('nonsense') as string }, null])
  })
})

test('texts of SQL are kept under a number until they are closed', () => {
  const stored = { type: 'execute', stmt: { sql_id: 4 } }
  const answers = reading.answer([
    { type: 'store_sql', sql_id: 4, sql: 'SELECT 4' },
    stored,
    { type: 'close_sql', sql_id: 4 },
    stored,
  ])
  expect(answers.map(({ type }) => type)).toEqual(['ok', 'ok', 'ok', 'error'])
})

test('a transaction is told apart from autocommit', () => {
  const is = () => ask(reading, { type: 'get_autocommit' })['is_autocommit']
  expect([is(), execute(reading, 'BEGIN').code, is(), execute(reading, 'ROLLBACK').code, is()]).toEqual([
    true,
    undefined,
    false,
    undefined,
    true,
  ])
})

test('an answer that is too long is refused, and the connection goes on', () => {
  const sql = 'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT hex(zeroblob(1000000)) FROM n'
  expect(execute(reading, sql).code).toBe('RESPONSE_TOO_LARGE')
  expect(execute(reading, 'SELECT 1').rows).toHaveLength(1)
})

test.each([
  { type: 'toString' },
  {},
  null,
  7,
  { type: 'execute' },
  { type: 'store_sql' },
  { type: 'batch', batch: { steps: 7 } },
])('a request that is none is refused: %j', (request) => {
  expect(reading.answer([request])).toMatchObject([{ type: 'error', error: { code: expect.any(String) as string } }])
})
