/** The store on one SQLite file. */
import type { Store } from '../ports/store.ts'
import { createClientStore } from './clients.ts'
import { Database } from './database.ts'
import { createEventStore, type LogLimits } from './events.ts'
import { createGuildStore } from './guilds.ts'
import { createOwnerStore } from './owners.ts'

export interface StoreOptions extends LogLimits {
  readonly path: string
  readonly now: () => number
  readonly onFailure: () => void
}

/** Throws when the file cannot be opened. */
export function openStore({ path, now, onFailure, ...limits }: StoreOptions): Store {
  const db = new Database(path, now, onFailure)
  return {
    clients: createClientStore(db),
    events: createEventStore(db, limits),
    guilds: createGuildStore(db),
    owners: createOwnerStore(db),
    check: () => db.transaction(() => undefined),
    close: () => db.close(),
  }
}
