/** Puts threads of the older Kimaki on record: a binding each, from which the conversation begins once somebody writes there. */
import type { DatabaseSync } from 'node:sqlite'
import type { StorePort } from '../../ports/store.ts'

export function prepareTakeOver(db: DatabaseSync): StorePort['takeOver'] {
  const bind = db.prepare(`INSERT INTO binding (conversation, thread, session, bound_at, chosen) SELECT ?1, ?1, ?2, ?3, ?4
    WHERE NOT EXISTS (SELECT 1 FROM binding WHERE conversation = ?1 OR session = ?2)
    AND NOT EXISTS (SELECT 1 FROM conversation WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM inbox WHERE conversation = ?1)`)
  return async (threads) => {
    const at = new Date().toISOString()
    db.exec('BEGIN IMMEDIATE')
    try {
      for (const { thread, session, chosen } of threads) bind.run(thread, session, at, JSON.stringify(chosen))
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}
