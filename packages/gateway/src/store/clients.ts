/** Who is registered, on the way to a guild, and let into one. */
import { randomUUID } from 'node:crypto'
import { codeForPeople, isSame } from '../base/secret.ts'
import type { Announcement, Attempt, ClientStore, Journey } from '../ports/store.ts'
import type { Database } from './database.ts'
import { tellGuild } from './events.ts'
import { endGuild } from './log.ts'

/** How long a browser may stay at Discord's page. */
const JOURNEY_MS = 600_000
/** How long an attempt waits for somebody to open its address. */
const ATTEMPT_MS = 3_600_000

export function createClientStore(db: Database): ClientStore {
  return {
    register: ({ id, secretHash, machine, restart }) =>
      db.transaction(() => {
        const known = db.row('SELECT secret_hash FROM clients WHERE id = ?', id)
        if (known !== undefined && !isSame(String(known.secret_hash), secretHash)) return 'taken' as const
        if (known === undefined) {
          const sql = 'INSERT INTO clients (id, secret_hash, machine, created_at) VALUES (?, ?, ?, ?)'
          db.run(sql, id, secretHash, machine, db.now())
        }
        db.run('UPDATE clients SET machine = ? WHERE id = ?', machine, id)
        const open = restart ? undefined : openAttempt(db, id)
        return open ?? newAttempt(db, id)
      }),
    find: (clientId) =>
      db.read(() => {
        const row = db.row('SELECT id, secret_hash, machine FROM clients WHERE id = ?', clientId)
        return row && { id: String(row.id), secretHash: String(row.secret_hash), machine: String(row.machine) }
      }),
    attempt: (id) => db.read(() => attemptOf(db.row('SELECT * FROM attempts WHERE id = ?', id))),
    openAttempt: (clientId) => db.read(() => openAttempt(db, clientId)),
    failed: (attemptId, message) =>
      db.transaction(() => {
        db.run('UPDATE attempts SET message = ? WHERE id = ? AND guild_id IS NULL', message, attemptId)
        return undefined
      }),
    begin: (stateHash, { kind, cookieHash, attemptId, callback }) =>
      db.transaction(() => {
        const sql =
          'INSERT INTO journeys (state_hash, kind, cookie_hash, attempt_id, callback, expires_at) VALUES (?, ?, ?, ?, ?, ?)'
        db.run(sql, stateHash, kind, cookieHash, attemptId, callback, db.now() + JOURNEY_MS)
        return undefined
      }),
    takeJourney: (stateHash) =>
      db.transaction((): Journey | undefined => {
        const row = db.row('DELETE FROM journeys WHERE state_hash = ? RETURNING *', stateHash)
        if (row === undefined || Number(row.expires_at) < db.now()) return undefined
        return {
          kind: row.kind === 'manage' ? 'manage' : 'install',
          cookieHash: String(row.cookie_hash),
          attemptId: String(row.attempt_id),
          callback: String(row.callback),
        }
      }),
    authorize: (attemptId, guildId, userId) =>
      db.transaction(() => {
        const attempt = attemptOf(db.row('SELECT * FROM attempts WHERE id = ?', attemptId))
        if (attempt === undefined) throw new Error('the attempt is gone')
        db.run('UPDATE attempts SET guild_id = ?, message = NULL WHERE id = ?', guildId, attemptId)
        const sql = 'INSERT OR REPLACE INTO authorizations (client_id, guild_id, user_id, code, at) VALUES (?, ?, ?, ?, ?)'
        db.run(sql, attempt.clientId, guildId, userId, attempt.code, db.now())
        return tellGuild(db, attempt.clientId, guildId)
      }),
    setWake: (clientId, url) =>
      db.transaction(() => {
        db.run('UPDATE clients SET wake_url = ? WHERE id = ?', url ?? null, clientId)
        return undefined
      }),
    wakeOf: (clientId) =>
      db.read(() => {
        const row = db.row('SELECT wake_url, secret_hash FROM clients WHERE id = ? AND wake_url IS NOT NULL', clientId)
        return row && { url: String(row.wake_url), secretHash: String(row.secret_hash) }
      }),
    guildsOf: (clientId) =>
      db.read(() =>
        db.rows('SELECT guild_id FROM authorizations WHERE client_id = ?', clientId).map((row) => String(row.guild_id)),
      ),
    authorizationsOf: (guildIds) => db.read(() => guildIds.flatMap((guildId) => announcements(db, 'guild_id = ?', guildId))),
    revoke: (clientId, guildId) => db.transaction(() => endGuild(db, clientId, guildId)),
    unannounced: () => db.read(() => announcements(db, 'announced_at IS NULL AND ? = 1', 1)),
    announced: (clientId, guildId) =>
      db.transaction(() => {
        const sql = 'UPDATE authorizations SET announced_at = ? WHERE client_id = ? AND guild_id = ?'
        db.run(sql, db.now(), clientId, guildId)
        return undefined
      }),
  }
}

function announcements(db: Database, where: string, value: string | number): readonly Announcement[] {
  const sql = `SELECT a.*, clients.machine FROM authorizations a JOIN clients ON clients.id = a.client_id WHERE ${where}`
  return db.rows(sql, value).map((row) => ({
    clientId: String(row.client_id),
    machine: String(row.machine),
    guildId: String(row.guild_id),
    userId: String(row.user_id),
    code: String(row.code),
    at: Number(row.at),
  }))
}

function openAttempt(db: Database, clientId: string): Attempt | undefined {
  const sql =
    'SELECT * FROM attempts WHERE client_id = ? AND guild_id IS NULL AND created_at > ? ORDER BY created_at DESC, rowid DESC LIMIT 1'
  return attemptOf(db.row(sql, clientId, db.now() - ATTEMPT_MS))
}

function newAttempt(db: Database, clientId: string): Attempt {
  const [id, code] = [randomUUID(), codeForPeople()]
  // Only the newest attempt can be finished: an older address would otherwise let the client in behind its back.
  db.run('DELETE FROM attempts WHERE client_id = ? AND guild_id IS NULL', clientId)
  db.run('INSERT INTO attempts (id, client_id, code, created_at) VALUES (?, ?, ?, ?)', id, clientId, code, db.now())
  return { id, clientId, code, state: 'open', guildId: undefined, message: undefined }
}

function attemptOf(row: Readonly<Record<string, string | number | null>> | undefined): Attempt | undefined {
  if (row === undefined) return undefined
  const guildId = row.guild_id === null ? undefined : String(row.guild_id)
  return {
    id: String(row.id),
    clientId: String(row.client_id),
    code: String(row.code),
    state: guildId === undefined ? 'open' : 'authorized',
    guildId,
    message: row.message === null ? undefined : String(row.message),
  }
}
