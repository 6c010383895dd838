/** A SQLite file as a text of SQL statements and back: what a reviewer can read, and a test can rewrite. */
import { rmSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

/** Everything in the file but what SQLite makes itself. `skip`: tables whose rows are of no use. */
export function dump(file: string, skip: readonly string[] = []): string {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const things = db
      .prepare(`SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid`)
      .all()
      .map(({ type, name, sql }) => ({ type: String(type), name: String(name), sql: String(sql) }))
    const tables = things.filter(({ type }) => type === 'table')
    const counters =
      db.prepare(`SELECT count(*) AS count FROM sqlite_master WHERE name = 'sqlite_sequence'`).get()?.['count'] === 1
    return [
      `PRAGMA user_version = ${String(db.prepare('PRAGMA user_version').get()?.['user_version'])};`,
      ...tables.map(({ sql }) => `${sql};`),
      ...tables.filter(({ name }) => !skip.includes(name)).flatMap(({ name }) => rowsOf(db, name)),
      ...(counters ? ['DELETE FROM sqlite_sequence;', ...rowsOf(db, 'sqlite_sequence')] : []),
      ...things.filter(({ type }) => type !== 'table').map(({ sql }) => `${sql};`),
      '',
    ].join('\n')
  } finally {
    db.close()
  }
}

/** Replaces the file. */
export function restore(sql: string, file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
  const db = new DatabaseSync(file)
  try {
    db.exec(`PRAGMA foreign_keys = OFF; BEGIN; ${sql} COMMIT;`)
  } finally {
    db.close()
  }
}

function rowsOf(db: DatabaseSync, table: string): readonly string[] {
  return db
    .prepare(`SELECT * FROM "${table}" ORDER BY rowid`)
    .all()
    .map((row) => `INSERT INTO "${table}" VALUES (${Object.values(row).map(literal).join(', ')});`)
}

function literal(value: SQLOutputValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'object') return `x'${Buffer.from(value).toString('hex')}'`
  return String(value)
}
