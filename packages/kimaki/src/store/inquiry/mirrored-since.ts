/** Since when sessions of terminals are shown in a folder's channel: not those from before it was linked, or from before we first looked. */
import type { DatabaseSync } from 'node:sqlite'
import type { StorePort } from '../../ports/store.ts'

export function prepareMirroredSince(db: DatabaseSync): StorePort['mirroredSince'] {
  const begin = db.prepare(`INSERT INTO meta (key, value) VALUES ('mirrored_since', ?) ON CONFLICT (key) DO NOTHING`)
  const begun = db.prepare(`SELECT value FROM meta WHERE key = 'mirrored_since'`)
  const linked = db.prepare(`SELECT directory, min(linked_at) AS at FROM project GROUP BY directory`)
  let first: number | undefined
  return async (at) => {
    if (first === undefined) begin.run(String(at))
    const since = (first ??= Number(begun.get()?.['value'] ?? at))
    return new Map(linked.all().map((row) => [String(row['directory']), Math.max(since, Date.parse(String(row['at'])) || 0)]))
  }
}
