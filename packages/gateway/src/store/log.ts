/** Logs of clients: an event is stored once, and has a place of its own in the log of each client that hears it. */
import type { Fields } from '../base/shape.ts'
import type { Delivery } from '../ports/store.ts'
import type { Database } from './database.ts'
import { disown } from './owners.ts'

export interface LoggedEvent {
  readonly guildId: string
  readonly name: string
  readonly data: Fields
}

/** Inside a transaction. */
export function append(db: Database, clientIds: readonly string[], { guildId, name, data }: LoggedEvent): readonly Delivery[] {
  if (clientIds.length === 0) return []
  const json = JSON.stringify(data)
  const at = db.now()
  const eventId = db.insert('INSERT INTO events (at, guild_id, name, data) VALUES (?, ?, ?, ?)', at, guildId, name, json)
  return clientIds.map((clientId) => {
    const s = takeS(db, clientId)
    db.run('INSERT INTO log (client_id, s, event_id, at) VALUES (?, ?, ?, ?)', clientId, s, eventId, at)
    return { clientId, s, name, json }
  })
}

/** The next place in the log of a client. */
export function takeS(db: Database, clientId: string): number {
  const row = db.row('UPDATE clients SET last_s = last_s + 1 WHERE id = ? RETURNING last_s', clientId)
  return Number(row?.last_s ?? 0)
}

/** The guild is no longer the client's: what it has not heard of it is forgotten, and its end is told. */
export function endGuild(db: Database, clientId: string, guildId: string): readonly Delivery[] {
  db.run('DELETE FROM log WHERE client_id = ? AND event_id IN (SELECT id FROM events WHERE guild_id = ?)', clientId, guildId)
  disown(db, clientId, guildId)
  db.run('DELETE FROM authorizations WHERE client_id = ? AND guild_id = ?', clientId, guildId)
  return append(db, [clientId], { guildId, name: 'GUILD_DELETE', data: { id: guildId } })
}
