/** The migration that reads rows of the first shape once, and writes them back as they are now. */
import type { DatabaseSync } from 'node:sqlite'
import { wholeKey } from '../domain/conversation/posts/block-key.ts'
import { CACHE_VERSION } from './cache.ts'
import { isQueueRow, upcastCache, upcastEffect, upcastPhase, upcastPromptBody, upcastRequest, type QueuedRow } from './upcast.ts'

type Row = Readonly<Record<string, string | number | null>>
type Json = Readonly<Record<string, unknown>>

/** Undefined: damaged. Such a row stays as it is, so that it troubles nobody but its own conversation. */
function readable(value: unknown): Json | undefined {
  try {
    const json = JSON.parse(String(value)) as Json | null
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}

/**
 * The older Kimaki has a table `channel_verbosity` of other columns, and may have filled the same file: ours has a name of its own from now on,
 * and theirs stays.
 */
export function leaveForeignVerbosity(db: DatabaseSync): void {
  const columns = db
    .prepare(`PRAGMA table_info(channel_verbosity)`)
    .all()
    .map(({ name }) => name)
  if (columns.includes('level')) db.exec(`ALTER TABLE channel_verbosity RENAME TO verbosity`)
  else db.exec(`CREATE TABLE verbosity (channel TEXT PRIMARY KEY, level TEXT NOT NULL) STRICT`)
}

/** Only what may still be read: inbox and effect rows that are not done, prompts of open turns, and every cache. */
export function migrateToSlices(db: DatabaseSync): void {
  const rows = (sql: string): readonly Row[] => db.prepare(sql).all() as unknown as readonly Row[]
  migrateConversations(db, rows)
  const inbox = db.prepare(`UPDATE inbox SET body = ? WHERE seq = ?`)
  for (const { seq = null, body } of rows(`SELECT seq, body FROM inbox WHERE state = 'new'`)) {
    const request = readable(body)
    if (request) inbox.run(JSON.stringify(upcastRequest(request)), seq)
  }
  const effects = db.prepare(`UPDATE effect SET kind = ?, body = ? WHERE key = ?`)
  for (const { key = null, body } of rows(`SELECT key, body FROM effect WHERE state = 'new'`)) {
    const old = readable(body)
    const effect = old && upcastEffect(old)
    if (effect) effects.run(String(effect['kind']), JSON.stringify(effect), key)
  }
  const prompts = db.prepare(`UPDATE prompt SET body = ?, phase = ? WHERE id = ?`)
  for (const { id = null, ...row } of rows(`SELECT id, body, phase FROM prompt WHERE settled = 0`)) {
    const [body, phase] = [readable(row['body']), readable(row['phase'])]
    if (body && phase) prompts.run(JSON.stringify(upcastPromptBody(body)), JSON.stringify(upcastPhase(phase)), id)
  }
}

/** What waits in the queue moves from the prompts into the cache. A cache that cannot be read stays as it is, and is rebuilt when it is needed. */
function migrateConversations(db: DatabaseSync, rows: (sql: string) => readonly Row[]): void {
  const prompts = db.prepare(`SELECT id, seq, body, phase FROM prompt WHERE conversation = ? AND settled = 0 ORDER BY seq`)
  const posts = db.prepare(`SELECT blocks FROM posted WHERE conversation = ? AND settled = 0`)
  const write = db.prepare(`UPDATE conversation SET version = ?, state = ? WHERE id = ?`)
  const leave = db.prepare(`UPDATE prompt SET settled = 1 WHERE id = ?`)
  for (const { id, state } of rows(`SELECT id, state FROM conversation WHERE version = 1`)) {
    const cache = readable(state)
    if (!cache?.['thread'] || !cache['session']) continue
    const queued = (prompts.all(id ?? null) as unknown as readonly Row[]).flatMap(queuedRow)
    const keys = (posts.all(id ?? null) as unknown as readonly Row[]).flatMap(({ blocks }) => {
      const list = readable(blocks)
      return Array.isArray(list) ? list.map(String) : []
    })
    write.run(CACHE_VERSION, JSON.stringify(upcastCache(cache, queued, new Set(keys.map(wholeKey)))), id ?? null)
    for (const row of queued) leave.run(row.id)
  }
}

function queuedRow(row: Row): readonly QueuedRow[] {
  const [body, phase] = [readable(row['body']), readable(row['phase'])]
  return body && phase && isQueueRow(phase) ? [{ id: String(row['id']), order: Number(row['seq']), body, phase }] : []
}
