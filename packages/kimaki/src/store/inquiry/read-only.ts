/** Reads out of a database that another process may have open: nothing of the file is changed. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreError, type StoreUnavailable } from '../../base/errors.ts'
import type { SessionFilter, SessionRecord } from '../../domain/conversation/inquiry/session-record.ts'
import type { LoadedConversation, Project } from '../../ports/store.ts'
import { prepareLoader } from '../load.ts'
import { storeFailure } from '../open.ts'
import { MIGRATIONS } from '../schema.ts'
import { listSessions } from './sessions.ts'

export const readConversation = (file: string, id: string): LoadedConversation | StoreError | StoreUnavailable =>
  readOnly(file, { state: undefined, inbox: [], effects: [] }, (db) => prepareLoader(db, '')(id))

export const readSessions = (file: string, filter: SessionFilter): readonly SessionRecord[] | StoreError | StoreUnavailable =>
  readOnly(file, [], (db) => listSessions(db, filter))

export const readProjects = (file: string): readonly Project[] | StoreError | StoreUnavailable =>
  readOnly(file, [], (db) =>
    db
      .prepare(`SELECT channel, guild, directory FROM project ORDER BY linked_at`)
      .all()
      .map((row) => ({ channelId: String(row['channel']), guildId: String(row['guild']), directory: String(row['directory']) })),
  )

/** `none`: where there is no file yet. */
function readOnly<T>(file: string, none: T, work: (db: DatabaseSync) => T): T | StoreError | StoreUnavailable {
  if (!existsSync(file)) return none
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { readOnly: true })
    const known = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
    if (known !== MIGRATIONS.length)
      return new StoreError({ reason: `${file} was written by another version of kimaki. Start this one, then ask again.` })
    return work(db)
  } catch (cause) {
    return storeFailure(file, cause)
  } finally {
    db?.close()
  }
}
