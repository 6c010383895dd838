/** The migration that reads rows of the first shape once, and writes them back as they are now. */
import type { DatabaseSync } from 'node:sqlite'
import { wholeKey } from '../domain/conversation/posts/block-key.ts'
import { CACHE_VERSION } from './cache.ts'
import { isQueueRow, upcastCache, upcastEffect, upcastPhase, upcastPromptBody, upcastRequest, type QueuedRow } from './upcast.ts'

type Row = Readonly<Record<string, string | number | null>>
type Json = Readonly<Record<string, unknown>>

const parse = (value: unknown): Json => JSON.parse(String(value)) as Json

/** Only what may still be read: inbox and effect rows that are not done, prompts of open turns, and every cache. */
export function migrateToSlices(db: DatabaseSync): void {
  const rows = (sql: string): readonly Row[] => db.prepare(sql).all() as unknown as readonly Row[]
  migrateConversations(db, rows)
  const inbox = db.prepare(`UPDATE inbox SET body = ? WHERE seq = ?`)
  for (const row of rows(`SELECT seq, body FROM inbox WHERE state = 'new'`))
    inbox.run(JSON.stringify(upcastRequest(parse(row['body']))), row['seq'] ?? null)
  const effect = db.prepare(`UPDATE effect SET kind = ?, body = ? WHERE key = ?`)
  for (const row of rows(`SELECT key, body FROM effect WHERE state = 'new'`)) {
    const body = upcastEffect(parse(row['body']))
    effect.run(String(body['kind']), JSON.stringify(body), row['key'] ?? null)
  }
  const prompt = db.prepare(`UPDATE prompt SET body = ?, phase = ? WHERE id = ?`)
  for (const row of rows(`SELECT id, body, phase FROM prompt WHERE settled = 0`)) {
    const phase = JSON.stringify(upcastPhase(parse(row['phase'])))
    prompt.run(JSON.stringify(upcastPromptBody(parse(row['body']))), phase, row['id'] ?? null)
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
    if (!cache) continue
    const queued = (prompts.all(id ?? null) as unknown as readonly Row[])
      .map((row): QueuedRow => ({
        id: String(row['id']),
        order: Number(row['seq']),
        body: parse(row['body']),
        phase: parse(row['phase']),
      }))
      .filter(({ phase }) => isQueueRow(phase))
    const keys = (posts.all(id ?? null) as unknown as readonly Row[]).flatMap(
      (row) => JSON.parse(String(row['blocks'])) as readonly string[],
    )
    write.run(CACHE_VERSION, JSON.stringify(upcastCache(cache, queued, new Set(keys.map(wholeKey)))), id ?? null)
    for (const row of queued) leave.run(row.id)
  }
}

function readable(state: unknown): Json | undefined {
  try {
    const cache = parse(state)
    return cache['thread'] && cache['session'] ? cache : undefined
  } catch {
    return undefined
  }
}
