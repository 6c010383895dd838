/** Asks a database that is another program's, and that it may write meanwhile: the connection is read-only and lasts for one question. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../../base/errors.ts'
import type { AskDatabase } from '../../ports/agent/terminals.ts'

/** How long a question waits for a program that writes. */
const BUSY_MS = 200

export const askForeign: AskDatabase = (file, ask) => {
  if (!existsSync(file)) return undefined
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS })
    try {
      return ask((sql, ...values) => db.prepare(sql).all(...values))
    } finally {
      db.close()
    }
  } catch (error) {
    return new StoreUnavailable({ reason: String(error) })
  }
}
