/** The store: one SQLite file, opened by one process. */
import { randomUUID } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { StoreError } from '../base/errors.ts'
import type { ServerRecord } from '../ports/agent.ts'
import type { GatewayPosition, IdentifyMemory } from '../ports/chat.ts'
import type { Project, StorePort } from '../ports/store.ts'
import { groupCommit } from './group-commit.ts'
import { prepareLoader } from './load.ts'
import { openDatabase } from './open.ts'
import { prepareWriter } from './write.ts'

export function createStore(file: string): StorePort | StoreError {
  const db = openDatabase(file)
  if (db instanceof StoreError) return db
  const installId = readInstallId(db)
  const group = groupCommit(db, prepareWriter(db))
  const load = prepareLoader(db, installId)
  return {
    installId,
    commit: group.commit,
    load: async (id) => load(id),
    ...reads(db),
    ...serverRows(db),
    identifies: identifyRows(db),
    ...projectRows(db),
    close: async () => {
      group.flush()
      db.close()
    },
  }
}

function readInstallId(db: DatabaseSync): string {
  db.prepare(`INSERT INTO meta (key, value) VALUES ('install', ?) ON CONFLICT (key) DO NOTHING`).run(randomUUID())
  return String(db.prepare(`SELECT value FROM meta WHERE key = 'install'`).get()?.['value'])
}

function reads(
  db: DatabaseSync,
): Pick<
  StorePort,
  'openConversations' | 'knows' | 'conversationOfSession' | 'lastSent' | 'isOurs' | 'position' | 'cursors' | 'unread'
> {
  const open =
    db.prepare(`SELECT conversation FROM inbox WHERE state = 'new' UNION SELECT conversation FROM effect WHERE state = 'new'
    UNION SELECT conversation FROM prompt WHERE settled = 0 UNION SELECT conversation FROM posted WHERE settled = 0`)
  const knows = db.prepare(
    `SELECT EXISTS (SELECT 1 FROM conversation WHERE id = ?1) OR EXISTS (SELECT 1 FROM inbox WHERE conversation = ?1) AS known`,
  )
  const ofSession = db.prepare(`SELECT conversation FROM binding WHERE session = ? ORDER BY bound_at DESC LIMIT 1`)
  const lastSent = db.prepare(
    `SELECT message FROM posted WHERE conversation = ? AND message IS NOT NULL ORDER BY length(message) DESC, message DESC LIMIT 1`,
  )
  const ours = db.prepare(`SELECT EXISTS (SELECT 1 FROM posted WHERE message = ?) AS ours`)
  return {
    openConversations: async () => open.all().map((row) => String(row['conversation'])),
    knows: async (id) => knows.get(id)?.['known'] === 1,
    conversationOfSession: async (session) => textOrNone(ofSession.get(session)?.['conversation']),
    lastSent: async (id) => textOrNone(lastSent.get(id)?.['message']),
    isOurs: async (messageId) => ours.get(messageId)?.['ours'] === 1,
    position: async (): Promise<GatewayPosition | undefined> => {
      const row = db.prepare(`SELECT session, url, sequence FROM gateway`).get()
      return row && { sessionId: String(row['session']), resumeUrl: String(row['url']), sequence: Number(row['sequence']) }
    },
    cursors: async () => pairs(db.prepare(`SELECT channel, message FROM cursor`)),
    unread: async () => pairs(db.prepare(`SELECT channel, since FROM unread`)),
  }
}

function serverRows(db: DatabaseSync): Pick<StorePort, 'server' | 'writeServer'> {
  return {
    server: (): ServerRecord | undefined => {
      const row = db.prepare(`SELECT pid, started, port, password FROM server`).get()
      return (
        row && {
          pid: Number(row['pid']),
          startTicks: String(row['started']),
          port: Number(row['port']),
          password: String(row['password']),
        }
      )
    },
    writeServer: async (record) => {
      if (!record) db.exec(`DELETE FROM server`)
      else
        db.prepare(`INSERT OR REPLACE INTO server (id, pid, started, port, password) VALUES (1, ?, ?, ?, ?)`).run(
          record.pid,
          record.startTicks,
          record.port,
          record.password,
        )
    },
  }
}

function identifyRows(db: DatabaseSync): IdentifyMemory {
  const insert = db.prepare(`INSERT INTO identify (at) VALUES (?)`)
  const all = db.prepare(`SELECT at FROM identify ORDER BY at`)
  return {
    read: async () => all.all().map((row) => Number(row['at'])),
    write: async (times) => {
      db.exec(`BEGIN IMMEDIATE`)
      try {
        db.exec(`DELETE FROM identify`)
        for (const at of times) insert.run(Math.round(at))
        db.exec(`COMMIT`)
      } catch (error) {
        if (db.isTransaction) db.exec(`ROLLBACK`)
        throw error
      }
    },
  }
}

function projectRows(db: DatabaseSync): Pick<StorePort, 'projects' | 'linkProject'> {
  return {
    projects: async () =>
      db
        .prepare(`SELECT channel, guild, directory FROM project ORDER BY linked_at`)
        .all()
        .map((row): Project => ({
          channelId: String(row['channel']),
          guildId: String(row['guild']),
          directory: String(row['directory']),
        })),
    linkProject: async ({ channelId, guildId, directory }, cursor) => {
      db.prepare(
        `INSERT INTO project (channel, guild, directory, linked_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (channel) DO UPDATE SET guild = excluded.guild, directory = excluded.directory`,
      ).run(channelId, guildId, directory, new Date().toISOString())
      if (cursor === undefined) return
      db.prepare(`INSERT INTO cursor (channel, message) VALUES (?, ?) ON CONFLICT (channel) DO NOTHING`).run(channelId, cursor)
    },
  }
}

/** Rows of two columns as a map. */
function pairs(statement: StatementSync): ReadonlyMap<string, string> {
  return new Map(statement.all().map((row) => Object.values(row).map(String) as [string, string]))
}

const textOrNone = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
