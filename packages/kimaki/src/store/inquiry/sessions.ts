/** Sessions of threads, those used last first. A session that another thread has taken over is listed once, with that thread. */
import type { DatabaseSync } from 'node:sqlite'
import { asks, isWaiting } from '../../domain/conversation/features/asks/asks.ts'
import { title } from '../../domain/conversation/features/title.ts'
import type { SessionFilter, SessionRecord } from '../../domain/conversation/inquiry/session-record.ts'
import type { StorePort } from '../../ports/store.ts'
import { fromCache } from '../cache.ts'
import { toPrompt, type Row } from '../load.ts'

export function prepareSessions(db: DatabaseSync): Pick<StorePort, 'sessions' | 'newestPrompt'> {
  const newest = db.prepare(`SELECT * FROM prompt WHERE conversation = ? ORDER BY seq DESC LIMIT 1`)
  return {
    sessions: async (filter) => listSessions(db, filter),
    newestPrompt: async (conversationId) => {
      const row = newest.get(conversationId)
      return row && toPrompt(row as Row)
    },
  }
}

export function listSessions(
  db: DatabaseSync,
  { directory, sessionId, threadId, limit }: SessionFilter,
): readonly SessionRecord[] {
  const found = db
    .prepare(
      `SELECT one.id, one.guild, one.channel, one.directory, one.version, one.state, bound.session, coalesce(bound.thread, one.id) AS thread,
        coalesce((SELECT at FROM inbox WHERE conversation = one.id ORDER BY seq DESC LIMIT 1), bound.bound_at) AS at,
        EXISTS (SELECT 1 FROM prompt WHERE conversation = one.id AND settled = 0
          AND json_extract(phase, '$.kind') <> 'ended') AS working
      FROM conversation AS one
      JOIN binding AS bound ON bound.rowid = (SELECT max(rowid) FROM binding WHERE conversation = one.id)
      WHERE NOT EXISTS (SELECT 1 FROM binding AS later WHERE later.session = bound.session AND later.rowid > bound.rowid)
        AND (?1 IS NULL OR one.directory = ?1 OR one.channel IN (SELECT channel FROM project WHERE directory = ?1)) AND (?2 IS NULL OR bound.session = ?2)
        AND (?3 IS NULL OR coalesce(bound.thread, one.id) = ?3)
      ORDER BY at DESC, one.rowid DESC LIMIT ?4`,
    )
    .all(directory ?? null, sessionId ?? null, threadId ?? null, limit)
  return found.map((row) => recordOf(row as Row))
}

function recordOf(row: Row): SessionRecord {
  const cached = fromCache(Number(row['version']), String(row['state']))
  const features = { features: cached?.features ?? {} }
  const isAsking = asks.of(features).asks.some(isWaiting)
  return {
    sessionId: String(row['session']),
    threadId: String(row['thread']),
    channelId: String(row['channel']),
    guildId: String(row['guild']),
    directory: String(row['directory']),
    title: title.of(features).given ?? '',
    updated: Date.parse(String(row['at'])),
    state: isAsking ? 'asking' : row['working'] === 1 ? 'working' : 'idle',
  }
}
