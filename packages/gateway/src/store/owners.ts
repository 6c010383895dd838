/** Whose a channel is, and whose a command: the first machine that says so has it, until it gives it up or leaves the guild. */
import { fieldsOf, isSnowflake, parseJson, textOf, type Fields } from '../base/shape.ts'
import type { ChannelOwner, CommandOwner, OwnerStore } from '../ports/store.ts'
import type { Database } from './database.ts'

export function createOwnerStore(db: Database): OwnerStore {
  return {
    ofChannel: (channelId) => db.read(() => ownerOfChannel(db, channelId)),
    claim: (clientId, { channelId, guildId }) =>
      db.transaction(() => {
        const owner = ownerOfChannel(db, channelId)
        if (owner !== undefined) return owner
        const sql = 'INSERT OR REPLACE INTO channel_owners (channel_id, guild_id, client_id, at) VALUES (?, ?, ?, ?)'
        db.run(sql, channelId, guildId, clientId, db.now())
        return ownerOfChannel(db, channelId)
      }),
    release: (clientId, channelId) =>
      db.transaction(() => {
        db.run('DELETE FROM channel_owners WHERE channel_id = ? AND client_id = ?', channelId, clientId)
        return ownerOfChannel(db, channelId)
      }),
    ofCommand: (commandId) => db.read(() => ownerOfCommand(db, commandId)),
    keepCommand: (clientId, { id, guildId, name }) =>
      db.transaction(() => {
        // Creating a command that another machine has changes it (Discord docs: Create Guild Application Command), and it stays the other's.
        if (ownerOfCommand(db, id) !== undefined) return undefined
        const sql = 'INSERT OR REPLACE INTO command_owners (command_id, guild_id, client_id, name) VALUES (?, ?, ?, ?)'
        db.run(sql, id, guildId, clientId, name)
        return undefined
      }),
    others: (clientId, guildId) =>
      db.read(
        () =>
          db.row('SELECT 1 FROM authorizations WHERE guild_id = ? AND client_id <> ? LIMIT 1', guildId, clientId) !== undefined,
      ),
  }
}

/** An owner that was put out of the guild has nothing there any more. */
function ownerOfChannel(db: Database, channelId: string): ChannelOwner | undefined {
  const row = db.row(
    `SELECT o.client_id, clients.machine FROM channel_owners o JOIN authorizations a USING (client_id, guild_id)
     JOIN clients ON clients.id = o.client_id WHERE o.channel_id = ?`,
    channelId,
  )
  return row && { clientId: String(row.client_id), machine: String(row.machine) }
}

function ownerOfCommand(db: Database, commandId: string): CommandOwner | undefined {
  const row = db.row(
    'SELECT o.client_id, o.name FROM command_owners o JOIN authorizations a USING (client_id, guild_id) WHERE o.command_id = ?',
    commandId,
  )
  return row && { clientId: String(row.client_id), name: String(row.name) }
}

/** Nothing there is the client's any more. Inside a transaction. */
export function disown(db: Database, clientId: string, guildId: string): void {
  db.run('DELETE FROM channel_owners WHERE client_id = ? AND guild_id = ?', clientId, guildId)
  db.run('DELETE FROM command_owners WHERE client_id = ? AND guild_id = ?', clientId, guildId)
}

export type Addressee =
  /** This client alone hears it. */
  | { readonly kind: 'heard'; readonly clientId: string }
  /** Nobody does; `clientIds`: those that might, if they were awake. */
  | { readonly kind: 'unheard'; readonly clientIds: readonly string[] }

/**
 * Who is to answer an interaction: one machine, since two would answer twice. The owner of the channel, or of the channel of the thread; where
 * nobody is, the machine whose answer holds the button, then the one that the person has connected, then the one that was connected first.
 */
export function addresseeOf(
  db: Database,
  interaction: Fields,
  guildId: string,
  isConnected: (clientId: string) => boolean,
): Addressee {
  const owner = ownerOfPlace(db, interaction)
  if (owner !== undefined)
    return isConnected(owner) ? { kind: 'heard', clientId: owner } : { kind: 'unheard', clientIds: [owner] }
  const all = db.rows('SELECT client_id, user_id FROM authorizations WHERE guild_id = ? ORDER BY at, client_id', guildId)
  const connected = all.filter((row) => isConnected(String(row.client_id)))
  const before = answererOf(db, interaction)
  const userId = textOf(fieldsOf(fieldsOf(interaction.member).user).id)
  const found =
    connected.find((row) => row.client_id === before) ?? connected.find((row) => row.user_id === userId) ?? connected.at(0)
  return found === undefined
    ? { kind: 'unheard', clientIds: all.map((row) => String(row.client_id)) }
    : { kind: 'heard', clientId: String(found.client_id) }
}

/** Whose channel it is, or whose the channel of the thread is. */
export function ownerOfPlace(db: Database, { channel_id: channelId, channel }: Fields): string | undefined {
  if (!isSnowflake(channelId)) return undefined
  const own = ownerOfChannel(db, channelId)
  if (own !== undefined) return own.clientId
  const told = fieldsOf(channel).parent_id
  const parentId = isSnowflake(told) ? told : parentOf(db, channelId)
  return parentId === undefined ? undefined : ownerOfChannel(db, parentId)?.clientId
}

function parentOf(db: Database, threadId: string): string | undefined {
  const row = db.row(`SELECT data FROM guild_items WHERE id = ? AND item = 'thread'`, threadId)
  const { parent_id: parentId } = fieldsOf(parseJson(String(row?.data)))
  return isSnowflake(parentId) ? parentId : undefined
}

/** Who got the interaction whose answer this one is about (Discord docs: Message Interaction Metadata Object). */
function answererOf(db: Database, { message }: Fields): string | undefined {
  const { id } = fieldsOf(fieldsOf(message).interaction_metadata)
  if (!isSnowflake(id)) return undefined
  const row = db.row('SELECT client_id FROM interaction_tokens WHERE interaction_id = ?', id)
  return row === undefined || row.client_id === null ? undefined : String(row.client_id)
}
