/** What Discord said: into the logs of clients, in one transaction with Discord's sequence (T1 to T4 of `ports/store.ts`). */
import { randomUUID } from 'node:crypto'
import { sha256 } from '../base/secret.ts'
import { fieldsOf, isSnowflake, listOf, textOf, type Fields } from '../base/shape.ts'
import { isOnShard, type Shard } from '../upstream/shard.ts'
import { changesOf, guildIdOf } from '../events/mirror.ts'
import type { Committed, Delivery, Dispatch, EventStore, Position } from '../ports/store.ts'
import type { Database } from './database.ts'
import { apply, guildNow, TOKEN_LIFETIME_MS } from './guilds.ts'
import { append, endGuild, takeS, type LoggedEvent } from './log.ts'
import { addresseeOf, ownerOfPlace } from './owners.ts'

export interface LogLimits {
  readonly keepMs: number
  readonly keepEvents: number
}

/** Discord docs: an interaction must be answered within 3 s. */
const INTERACTION_MS = 3000

/** Dispatches about the gateway's own session. */
const OWN = ['READY', 'RESUMED']

export function createEventStore(db: Database, limits: LogLimits): EventStore {
  return {
    position: (shard = ONLY) => db.read(() => readPosition(db, shard)),
    commit: (dispatches, position, isConnected, shard = ONLY) =>
      db.transaction(() => {
        const parts = dispatches.map((dispatch) => commitOne(db, dispatch, { isConnected, shard }))
        setMeta(db, positionKey(shard), JSON.stringify(position))
        return joined(parts)
      }),
    start: (clientId) =>
      db.transaction(() => {
        const sessionId = randomUUID()
        db.run('DELETE FROM log WHERE client_id = ?', clientId)
        const s = takeS(db, clientId)
        db.run('UPDATE clients SET session_id = ?, cut_s = ? WHERE id = ?', sessionId, s, clientId)
        const guildIds = guildsOf(db, clientId)
        const deliveries = guildIds.flatMap((guildId) => {
          const data = guildNow(db, guildId)
          return data === undefined ? [] : append(db, [clientId], { guildId, name: 'GUILD_CREATE', data })
        })
        return { sessionId, s, guildIds, deliveries }
      }),
    session: (clientId) =>
      db.read(() => {
        const row = db.row('SELECT session_id, last_s, cut_s FROM clients WHERE id = ?', clientId)
        if (row === undefined || row.session_id === null) return undefined
        return { sessionId: String(row.session_id), lastS: Number(row.last_s), cutS: Number(row.cut_s) }
      }),
    after: (clientId, s) =>
      db.read(() =>
        db
          .rows(
            `SELECT log.s, events.name, events.data FROM log JOIN events ON events.id = log.event_id
             WHERE log.client_id = ? AND log.s > ? AND (events.name <> 'INTERACTION_CREATE' OR events.at > ?) ORDER BY log.s`,
            clientId,
            s,
            db.now() - INTERACTION_MS,
          )
          .map((row) => ({ clientId, s: Number(row.s), name: String(row.name), json: String(row.data) })),
      ),
    nextS: (clientId) => db.transaction(() => takeS(db, clientId)),
    trim: () => db.transaction(() => trim(db, limits)),
  }
}

const ONLY: Shard = [0, 1]

/** By the number of shards, too: with another one, guilds are spread otherwise, and no session can be resumed. */
const positionKey = ([index, count]: Shard): string => (count === 1 ? 'position' : `position ${index}/${count}`)

function readPosition(db: Database, shard: Shard): Position | undefined {
  const value = meta(db, positionKey(shard))
  return value === undefined ? undefined : (JSON.parse(value) as Position)
}

const meta = (db: Database, key: string): string | undefined => {
  const row = db.row('SELECT value FROM meta WHERE key = ?', key)
  return row === undefined ? undefined : String(row.value)
}

const setMeta = (db: Database, key: string, value: string): void =>
  void db.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value)

const guildsOf = (db: Database, clientId: string): readonly string[] =>
  db
    .rows('SELECT guild_id FROM authorizations WHERE client_id = ? ORDER BY guild_id', clientId)
    .map((row) => String(row.guild_id))

const clientsOf = (db: Database, guildId: string): readonly string[] =>
  db.rows('SELECT client_id FROM authorizations WHERE guild_id = ?', guildId).map((row) => String(row.client_id))

const NOTHING: Committed = { deliveries: [], isGap: false, lost: [], unheard: [], wanted: [], created: [] }

function joined(parts: readonly Committed[]): Committed {
  return {
    deliveries: parts.flatMap(({ deliveries }) => deliveries),
    isGap: parts.some(({ isGap }) => isGap),
    lost: parts.flatMap(({ lost }) => lost),
    unheard: parts.flatMap(({ unheard }) => unheard),
    wanted: parts.flatMap(({ wanted }) => wanted),
    created: parts.flatMap(({ created }) => created),
  }
}

interface Hearing {
  readonly isConnected: (clientId: string) => boolean
  readonly shard: Shard
}

function commitOne(db: Database, dispatch: Dispatch, { isConnected, shard }: Hearing): Committed {
  const { name, data } = dispatch
  if (name === 'READY') return beginAnew(db, data, shard)
  const guildId = guildIdOf(dispatch)
  if (guildId === undefined || OWN.includes(name)) return NOTHING
  for (const change of changesOf(dispatch, meta(db, 'bot') ?? '')) apply(db, change)
  if (name === 'GUILD_DELETE' && data.unavailable !== true) return leaveGuild(db, guildId)
  if (name === 'INTERACTION_CREATE') return interact(db, { guildId, name, data }, isConnected)
  if (name === 'CHANNEL_DELETE') db.run('DELETE FROM channel_owners WHERE channel_id = ?', textOf(data.id))
  const created = name === 'GUILD_CREATE' ? [guildId] : []
  const deliveries = append(db, clientsOf(db, guildId), { guildId, name, data })
  return { ...NOTHING, created, deliveries, wanted: name === 'MESSAGE_CREATE' ? wantedBy(db, data) : [] }
}

/** A person has written in a channel that a client has. */
function wantedBy(db: Database, message: Fields): readonly string[] {
  const { id, bot } = fieldsOf(message.author)
  const owner = id === meta(db, 'bot') || bot === true ? undefined : ownerOfPlace(db, message)
  return owner === undefined ? [] : [owner]
}

/** One client hears it, and its token is good for that client alone. */
function interact(db: Database, event: LoggedEvent, isConnected: (clientId: string) => boolean): Committed {
  const { guildId, data } = event
  const addressee = addresseeOf(db, data, guildId, isConnected)
  if (addressee.kind === 'unheard') return { ...NOTHING, unheard: [{ interaction: data, clientIds: addressee.clientIds }] }
  const { clientId } = addressee
  const [hash, id] = [sha256(textOf(data.token)), textOf(data.id)]
  const sql = 'INSERT OR REPLACE INTO interaction_tokens (hash, guild_id, at, interaction_id, client_id) VALUES (?, ?, ?, ?, ?)'
  db.run(sql, hash, guildId, db.now(), id, clientId)
  return { ...NOTHING, deliveries: append(db, [clientId], event) }
}

/**
 * Discord began a new session: what happened since the last one is told to nobody, so every log is cut here. Those of guilds on other
 * shards as well: a client may have guilds on several, and needs nothing but to identify anew.
 */
function beginAnew(db: Database, data: Fields, shard: Shard): Committed {
  const isFirst = db.row(`SELECT 1 FROM meta WHERE key LIKE 'position%'`) === undefined
  setMeta(db, 'bot', textOf(fieldsOf(data.user).id))
  db.run('UPDATE clients SET last_s = last_s + 1, cut_s = last_s + 1')
  db.run('DELETE FROM log')
  db.run('DELETE FROM events')
  const now = new Set(listOf(data.guilds).map(({ id }) => id))
  const gone = db
    .rows('SELECT id FROM guilds UNION SELECT guild_id FROM authorizations')
    .map(({ id }) => String(id))
    .filter((id) => isOnShard(id, shard) && !now.has(id))
  for (const guildId of gone) apply(db, { kind: 'gone', guildId })
  const parts = gone.map((guildId) => leaveGuild(db, guildId))
  return { ...joined(parts), isGap: !isFirst }
}

function leaveGuild(db: Database, guildId: string): Committed {
  const lost = clientsOf(db, guildId)
  const deliveries: readonly Delivery[] = lost.flatMap((clientId) => endGuild(db, clientId, guildId))
  return { ...NOTHING, lost, deliveries }
}

function trim(db: Database, { keepMs, keepEvents }: LogLimits): undefined {
  const oldest = db.now() - keepMs
  const cut = '(SELECT max(s) FROM log WHERE client_id = clients.id AND (at < ?1 OR s <= clients.last_s - ?2))'
  db.run(`UPDATE clients SET cut_s = max(cut_s, coalesce(${cut}, 0))`, oldest, keepEvents)
  db.run('DELETE FROM log WHERE s <= (SELECT cut_s FROM clients WHERE id = log.client_id)')
  db.run('DELETE FROM events WHERE NOT EXISTS (SELECT 1 FROM log WHERE event_id = events.id)')
  db.run('DELETE FROM interaction_tokens WHERE at < ?', db.now() - TOKEN_LIFETIME_MS)
  db.run('DELETE FROM journeys WHERE expires_at < ?', db.now())
  db.run(
    `DELETE FROM clients WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM authorizations WHERE client_id = clients.id)
     AND NOT EXISTS (SELECT 1 FROM attempts WHERE client_id = clients.id AND created_at >= ?)`,
    db.now() - UNUSED_MS,
    db.now() - UNUSED_MS,
  )
  return undefined
}

/** A registration that leads nowhere. */
const UNUSED_MS = 3_600_000

/** What a client could hear of a guild that it is let into just now. Inside a transaction. */
export function tellGuild(db: Database, clientId: string, guildId: string): readonly Delivery[] {
  const data = guildNow(db, guildId)
  return data === undefined || !isSnowflake(guildId) ? [] : append(db, [clientId], { guildId, name: 'GUILD_CREATE', data })
}
