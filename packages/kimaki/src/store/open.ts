/** Opens the database file: private, durable, and of a version this program knows. Owner of `node:sqlite`. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError, StoreUnavailable } from '../base/errors.ts'
import { isDamage, isPassing } from './result-codes.ts'
import { MIGRATIONS } from './schema.ts'

/**
 * `synchronous=FULL`: one fsync a commit (0.1 ms on an idle disk, 0.5 ms on a busy one; about nine commits a message), and a power cut loses nothing that was acknowledged. A lock is waited for only
 * briefly, because waiting blocks the process: nobody else should write, and a commit that fails is tried again.
 */
export function openDatabase(file: string): DatabaseSync | StoreError | StoreUnavailable {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const isNew = !existsSync(file)
  try {
    const known = isNew ? 0 : peekVersion(file)
    if (known > MIGRATIONS.length) {
      return new StoreError({
        reason: `${file} was written by a newer kimaki (schema ${known}, this one knows ${MIGRATIONS.length}). Update kimaki; nothing was changed.`,
      })
    }
    const db = new DatabaseSync(file)
    // Always: an earlier process may have died right after it made the file.
    chmodSync(file, 0o600)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 250')
    migrate(db, known)
    return db
  } catch (cause) {
    return storeFailure(file, cause)
  }
}

/** What an error of SQLite means for whoever runs this. */
export function storeFailure(file: string, cause: unknown): StoreError | StoreUnavailable {
  const reason = `cannot use ${file}: ${cause instanceof Error ? cause.message : String(cause)}.`
  if (isPassing(cause)) return new StoreUnavailable({ reason })
  if (!isDamage(cause)) return new StoreError({ reason })
  return new StoreError({
    reason: `${reason} The file is damaged; nothing was changed. Bring back a copy of it, or move it away (with its -wal and -shm) to begin anew.`,
  })
}

/** Read-only, so that a file of a newer program stays as it is, to the byte. */
function peekVersion(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  } finally {
    db.close()
  }
}

function migrate(db: DatabaseSync, from: number): void {
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < from) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      if (typeof migration === 'string') db.exec(migration)
      else migration(db)
      db.exec(`PRAGMA user_version = ${index + 1}; COMMIT`)
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}
