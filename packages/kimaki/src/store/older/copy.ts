/**
 * Reads a database that another program may have open, out of a copy: SQLite's own backup, so that what waits in the log beside the file
 * counts and nothing of the file is changed.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { StoreError, StoreUnavailable } from '../../base/errors.ts'
import { storeFailure } from '../open.ts'

/** A value of a cell; whole numbers that a double cannot hold come as text. */
export type Cell = string | number | null
export type OlderRow = Readonly<Record<string, Cell>>

export interface Copied {
  /** Of a table; empty where there is none of that name, or one that lacks the column `having`. */
  rows(table: string, having: string): readonly OlderRow[]
}

/** Undefined: there is no such file. */
export async function withCopy<T>(
  file: string,
  read: (copy: Copied) => T,
): Promise<T | undefined | StoreError | StoreUnavailable> {
  if (!existsSync(file)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-import-'))
  try {
    // It holds tokens.
    chmodSync(folder, 0o700)
    const copy = join(folder, 'copy.db')
    await copyTo(file, copy)
    const db = new DatabaseSync(copy, { readOnly: true })
    try {
      return read({ rows: (table, having) => rowsOf(db, table, having) })
    } finally {
      db.close()
    }
  } catch (cause) {
    return storeFailure(file, cause)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function copyTo(file: string, copy: string): Promise<void> {
  const source = new DatabaseSync(placeOf(file), { readOnly: true, timeout: 5000 })
  try {
    await backup(source, copy)
  } finally {
    source.close()
  }
}

/** Without a log nobody has it open; SQLite would make one, and leave it there, unless it is told that nobody will. */
function placeOf(file: string): string | URL {
  if (existsSync(`${file}-wal`)) return file
  const address = pathToFileURL(file)
  address.searchParams.set('immutable', '1')
  return address
}

function rowsOf(db: DatabaseSync, table: string, having: string): readonly OlderRow[] {
  const columns = db.prepare(`SELECT name FROM pragma_table_info(?)`).all(table)
  if (!columns.some(({ name }) => name === having)) return []
  const select = db.prepare(`SELECT * FROM "${table}"`)
  select.setReadBigInts(true)
  return select.all().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])))
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return typeof value === 'string' || typeof value === 'number' ? value : null
}
