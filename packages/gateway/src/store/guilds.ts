/** The picture of the guilds, row by row, and which guild a channel or an interaction belongs to. */
import { sha256 } from '../base/secret.ts'
import { fieldsOf, parseJson, type Fields } from '../base/shape.ts'
import { showGuild, type Change, type ItemKind } from '../events/mirror.ts'
import type { GuildStore } from '../ports/store.ts'
import type { Database } from './database.ts'

/** Discord docs: Interactions > Receiving and Responding: "Interaction tokens are valid for 15 minutes". */
export const TOKEN_LIFETIME_MS = 900_000

export function createGuildStore(db: Database): GuildStore {
  return {
    guildOfChannel: (channelId) =>
      db.read(() => {
        const row = db.row(`SELECT guild_id FROM guild_items WHERE id = ? AND item IN ('channel', 'thread')`, channelId)
        return row === undefined ? undefined : String(row.guild_id)
      }),
    rememberChannel: (channelId, guildId) =>
      db.transaction(() => {
        const data = { id: channelId, thread_metadata: { archived: true } }
        apply(db, { kind: 'put', guildId, item: 'thread', id: channelId, data })
        return undefined
      }),
    guild: (guildId) => db.read(() => guildNow(db, guildId)),
    holderOfToken: (token) =>
      db.read(() => {
        const sql = 'SELECT guild_id, client_id FROM interaction_tokens WHERE hash = ? AND at > ?'
        const row = db.row(sql, sha256(token), db.now() - TOKEN_LIFETIME_MS)
        return row && { guildId: String(row.guild_id), clientId: String(row.client_id) }
      }),
  }
}

export function guildNow(db: Database, guildId: string): Fields | undefined {
  const row = db.row('SELECT data FROM guilds WHERE id = ?', guildId)
  if (row === undefined) return undefined
  const items = db.rows('SELECT item, data FROM guild_items WHERE guild_id = ?', guildId)
  return showGuild(
    json(row.data),
    items.map(({ item, data }) => ({ item: String(item) as ItemKind, data: json(data) })),
  )
}

const json = (value: unknown): Fields => fieldsOf(parseJson(String(value)))

/** Inside a transaction. */
export function apply(db: Database, change: Change): void {
  const { guildId } = change
  switch (change.kind) {
    case 'guild':
      db.run('INSERT OR REPLACE INTO guilds (id, data) VALUES (?, ?)', guildId, JSON.stringify(change.data))
      return
    case 'guild-fields': {
      const known = db.row('SELECT data FROM guilds WHERE id = ?', guildId)
      const data = { ...json(known?.data), ...change.data }
      if (known !== undefined) db.run('UPDATE guilds SET data = ? WHERE id = ?', JSON.stringify(data), guildId)
      return
    }
    case 'clear':
      // Archived threads are not told anew, and stay the guild's.
      db.run(
        `DELETE FROM guild_items WHERE guild_id = ? AND (item <> 'thread' OR json_extract(data, '$.thread_metadata.archived') IS NOT 1)`,
        guildId,
      )
      return
    case 'put': {
      const { item, id, data } = change
      const values = [guildId, item, id, JSON.stringify(data)] as const
      db.run('INSERT OR REPLACE INTO guild_items (guild_id, item, id, data) VALUES (?, ?, ?, ?)', ...values)
      return
    }
    case 'delete':
      db.run('DELETE FROM guild_items WHERE guild_id = ? AND item = ? AND id = ?', guildId, change.item, change.id)
      return
    case 'gone':
      db.run('DELETE FROM guild_items WHERE guild_id = ?', guildId)
      db.run('DELETE FROM guilds WHERE id = ?', guildId)
      return
  }
}
