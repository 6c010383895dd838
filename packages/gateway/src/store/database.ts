/** Owner of `node:sqlite`: one file, one connection, statements prepared once; what fails comes back as a `StoreAway`. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { reasonOf, StoreAway } from '../base/errors.ts'
import { MIGRATIONS } from './schema.ts'

type Row = Readonly<Record<string, string | number | null>>

export class Database {
  readonly #file: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly now: () => number
  readonly #onFailure: () => void

  /** Throws when the file cannot be opened: nothing runs without it. */
  constructor(path: string, now: () => number, onFailure: () => void) {
    this.now = now
    this.#onFailure = onFailure
    this.#file = new DatabaseSync(path, { timeout: 2000 })
    // FULL: an event that is acknowledged to Discord survives the loss of power, too.
    this.#file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    const done = Number(this.row('PRAGMA user_version')?.user_version ?? 0)
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < done) continue
      this.#file.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`)
    }
  }

  row(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined
  }

  rows(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...values) as unknown as readonly Row[]
  }

  /** How many rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes)
  }

  insert(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid)
  }

  /** All of it or nothing. */
  transaction<T>(work: () => T): T | StoreAway {
    try {
      this.#file.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.#file.exec('COMMIT')
        return result
      } catch (error) {
        if (this.#file.isTransaction) this.#file.exec('ROLLBACK')
        throw error
      }
    } catch (error) {
      this.#onFailure()
      return new StoreAway({ reason: reasonOf(error) })
    }
  }

  read<T>(work: () => T): T | StoreAway {
    try {
      return work()
    } catch (error) {
      this.#onFailure()
      return new StoreAway({ reason: reasonOf(error) })
    }
  }

  close(): void {
    if (this.#file.isOpen) this.#file.close()
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#file.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}
