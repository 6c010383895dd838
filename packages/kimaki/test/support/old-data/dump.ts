/** A SQLite file is kept as a text of SQL statements, which a reviewer can read and a test can rewrite: here it becomes a file again. */
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

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
