/** Reads one conversation out of a database that another process may have open: nothing of the file is changed. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreError, type StoreUnavailable } from '../../base/errors.ts'
import type { LoadedConversation } from '../../ports/store.ts'
import { prepareLoader } from '../load.ts'
import { storeFailure } from '../open.ts'
import { MIGRATIONS } from '../schema.ts'

export function readConversation(file: string, id: string): LoadedConversation | StoreError | StoreUnavailable {
  if (!existsSync(file)) return { state: undefined, inbox: [], effects: [] }
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { readOnly: true })
    const known = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
    if (known !== MIGRATIONS.length)
      return new StoreError({ reason: `${file} was written by another version of kimaki. Start this one, then ask again.` })
    return prepareLoader(db, '')(id)
  } catch (cause) {
    return storeFailure(file, cause)
  } finally {
    db?.close()
  }
}
