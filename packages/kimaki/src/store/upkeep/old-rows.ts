/** What may be cleaned up: threads in which nothing goes on, and what people said long ago, of which the keys alone must stay. */
import type { DatabaseSync } from 'node:sqlite'
import type { UpkeepRecords } from '../../ports/store.ts'
import { fromCache } from '../cache.ts'

/** Rows that are written at once: the bot waits meanwhile. */
const AT_ONCE = 500
/** Of a row that is done, whose words are gone: readers take it for a request of no kind they look for. */
const NO_BODY = '{}'

export function prepareUpkeep(db: DatabaseSync): UpkeepRecords {
  const quiet = `NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.conversation = c.id AND (state = 'new' OR at >= ?1))
    AND NOT EXISTS (SELECT 1 FROM effect WHERE effect.conversation = c.id AND state = 'new')
    AND NOT EXISTS (SELECT 1 FROM prompt WHERE prompt.conversation = c.id AND settled = 0)
    AND NOT EXISTS (SELECT 1 FROM posted WHERE posted.conversation = c.id AND settled = 0)`
  const idle = db.prepare(`SELECT id, guild, version, state FROM conversation AS c WHERE ${quiet}`)
  const isIdle = db.prepare(`SELECT 1 FROM conversation AS c WHERE c.id = ?2 AND ${quiet}`)
  const old = `state = 'done' AND at < ? AND body != '${NO_BODY}'`
  const count = db.prepare(`SELECT count(*) AS count FROM inbox WHERE ${old}`)
  const drop = db.prepare(
    `UPDATE inbox SET body = '${NO_BODY}' WHERE seq IN (SELECT seq FROM inbox WHERE ${old} LIMIT ${AT_ONCE})`,
  )
  return {
    idleThreads: async (before) =>
      idle.all(isoOf(before)).flatMap(({ id, guild, version, state }) => {
        const thread = fromCache(Number(version), String(state))?.thread
        return thread?.kind === 'open' ? [{ id: String(id), threadId: thread.id, guildId: String(guild) }] : []
      }),
    isIdle: async (id, before) => isIdle.get(isoOf(before), id) !== undefined,
    oldBodies: async (before) => Number(count.get(isoOf(before))?.['count']),
    dropSomeBodies: async (before) => Number(drop.run(isoOf(before)).changes),
  }
}

/** Rows have their time as text of one form, which sorts as time does. */
const isoOf = (ms: number): string => new Date(ms).toISOString()
