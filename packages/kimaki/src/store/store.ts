/** The store: one SQLite file, opened by one process. */
import { randomUUID } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { StoreUnavailable, type StoreError } from '../base/errors.ts'
import { VERBOSITIES, type Verbosity } from '../domain/prefs.ts'
import type { GatewayPosition, IdentifyRecords } from '../ports/chat.ts'
import type { Project, StorePort } from '../ports/store.ts'
import { prepareAllowances } from './allowances.ts'
import { groupCommit } from './group-commit.ts'
import { prepareLoader } from './load.ts'
import { preparePreferences } from './preferences.ts'
import { prepareSaidIn } from './said-in.ts'
import { prepareMirroredSince } from './inquiry/mirrored-since.ts'
import { prepareMessageRecord } from './inquiry/message-record.ts'
import { prepareThreads } from './inquiry/threads.ts'
import { prepareSessions } from './inquiry/sessions.ts'
import { openDatabase, storeFailure } from './open.ts'
import { isDamage } from './result-codes.ts'
import { commandRows } from './commands/command-rows.ts'
import { folderRows } from './folder-rows.ts'
import { serverRows } from './server-rows.ts'
import { prepareTakeOver } from './older/take-over.ts'
import { taskRows } from './tasks/read.ts'
import { prepareUpkeep } from './upkeep/old-rows.ts'
import { prepareWriter } from './write.ts'

/** Newest messages among which the projects in use are looked for. */
const LOOK_BACK = 500

/** `onDamage` is called when the file turns out to be damaged while it is in use: from then on it is left as it is. */
export function createStore(
  file: string,
  onDamage: (error: StoreError | StoreUnavailable) => void = () => undefined,
): StorePort | StoreError | StoreUnavailable {
  const db = openDatabase(file)
  if (db instanceof Error) return db
  let damaged = false
  const judge = (error: unknown): void => {
    if (damaged || !isDamage(error)) return
    damaged = true
    onDamage(storeFailure(file, error))
  }
  try {
    const installId = readInstallId(db)
    // Only one process has the file open: an earlier one did not live to tell Discord that it got the command.
    db.exec(`UPDATE inbox SET receipt = 'missed' WHERE receipt = 'awaited' AND state = 'new'`)
    const group = groupCommit(db, prepareWriter(db), judge)
    const load = prepareLoader(db, installId)
    return {
      installId,
      commit: async (batch) => (damaged ? new StoreUnavailable({ reason: 'the file is damaged' }) : group.commit(batch)),
      ...judged(
        {
          load: async (id: string) => load(id),
          saidIn: prepareSaidIn(db),
          ...prepareThreads(db),
          ...prepareSessions(db),
          messageRecord: prepareMessageRecord(db),
          ...reads(db),
          ...projectRows(db),
          takeOver: prepareTakeOver(db),
          allowances: prepareAllowances(db),
          preferences: preparePreferences(db),
          mirroredSince: prepareMirroredSince(db),
        },
        judge,
      ),
      servers: serverRows(db, () => damaged),
      folders: folderRows(db),
      commands: judged(commandRows(db), judge),
      identifies: judged(identifyRows(db), judge),
      upkeep: judged({ ...prepareUpkeep(db) }, judge),
      tasks: judged(taskRows(db), judge),
      close: async () => {
        // Closing would write what waits in the log beside the file into it.
        if (damaged) return
        group.flush()
        db.close()
      },
    }
  } catch (cause) {
    return storeFailure(file, cause)
  }
}

/** The same calls; `judge` is told of every error they throw. */
function judged<Calls extends Readonly<Record<string, (...args: never[]) => Promise<unknown>>>>(
  calls: Calls,
  judge: (error: unknown) => void,
): Calls {
  const guarded = { ...calls }
  for (const [name, call] of Object.entries(calls) as [keyof Calls, Calls[keyof Calls]][])
    guarded[name] = (async (...args) =>
      call(...args).catch((error: unknown) => {
        judge(error)
        throw error
      })) as Calls[keyof Calls]
  return guarded
}

function readInstallId(db: DatabaseSync): string {
  db.prepare(`INSERT INTO meta (key, value) VALUES ('install', ?) ON CONFLICT (key) DO NOTHING`).run(randomUUID())
  return String(db.prepare(`SELECT value FROM meta WHERE key = 'install'`).get()?.['value'])
}

function reads(
  db: DatabaseSync,
): Pick<
  StorePort,
  | 'openConversations'
  | 'hasConversation'
  | 'conversationOfRequest'
  | 'conversationOfSession'
  | 'newestOwnMessage'
  | 'isOwnMessage'
  | 'position'
  | 'cursors'
  | 'unread'
> {
  const open =
    db.prepare(`SELECT conversation FROM inbox WHERE state = 'new' UNION SELECT conversation FROM effect WHERE state = 'new'
    UNION SELECT conversation FROM prompt WHERE settled = 0 UNION SELECT conversation FROM posted WHERE settled = 0`)
  const has = db.prepare(
    `SELECT EXISTS (SELECT 1 FROM conversation WHERE id = ?1) OR EXISTS (SELECT 1 FROM inbox WHERE conversation = ?1)
    OR EXISTS (SELECT 1 FROM binding WHERE conversation = ?1) AS known`,
  )
  const ofRequest = db.prepare(`SELECT conversation FROM inbox WHERE key = ?`)
  const ofSession = db.prepare(`SELECT conversation FROM binding WHERE session = ? ORDER BY rowid DESC LIMIT 1`)
  const newestOwn = db.prepare(
    `SELECT message FROM posted WHERE conversation = ? AND channel = ? AND message IS NOT NULL ORDER BY length(message) DESC, message DESC LIMIT 1`,
  )
  const own = db.prepare(`SELECT EXISTS (SELECT 1 FROM posted WHERE message = ?) AS own`)
  return {
    openConversations: async () => open.all().map((row) => String(row['conversation'])),
    hasConversation: async (id) => has.get(id)?.['known'] === 1,
    conversationOfRequest: async (key) => textOrNone(ofRequest.get(key)?.['conversation']),
    conversationOfSession: async (session) => textOrNone(ofSession.get(session)?.['conversation']),
    newestOwnMessage: async (id, channelId) => textOrNone(newestOwn.get(id, channelId)?.['message']),
    isOwnMessage: async (messageId) => own.get(messageId)?.['own'] === 1,
    position: async (): Promise<GatewayPosition | undefined> => {
      const row = db.prepare(`SELECT session, url, sequence FROM gateway`).get()
      return row && { sessionId: String(row['session']), resumeUrl: String(row['url']), sequence: Number(row['sequence']) }
    },
    cursors: async () => pairs(db.prepare(`SELECT channel, message FROM cursor`)),
    unread: async () => pairs(db.prepare(`SELECT channel, since FROM unread`)),
  }
}

/** How often the gateway was asked for a new session. */
function identifyRows(db: DatabaseSync): Pick<IdentifyRecords, keyof IdentifyRecords> {
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

function projectRows(
  db: DatabaseSync,
): Pick<StorePort, 'projects' | 'recentProjects' | 'linkProject' | 'unlinkProject' | 'verbosities'> {
  const recent = db.prepare(`SELECT directory FROM project LEFT JOIN
    (SELECT json_extract(place, '$.channelId') AS channel, max(seq) AS newest FROM
      (SELECT seq, place FROM inbox ORDER BY seq DESC LIMIT ${LOOK_BACK}) GROUP BY 1) USING (channel)
    ORDER BY newest DESC NULLS LAST, linked_at DESC`)
  const verbosities = db.prepare(`SELECT channel, level FROM verbosity`)
  return {
    verbosities: async () =>
      new Map(
        verbosities.all().flatMap(({ channel, level }): [string, Verbosity][] => {
          const known = VERBOSITIES.find((one) => one === level)
          return known ? [[String(channel), known]] : []
        }),
      ),
    recentProjects: async () => [...new Set(recent.all().map((row) => String(row['directory'])))],
    projects: async () =>
      db
        .prepare(`SELECT channel, guild, directory FROM project ORDER BY linked_at`)
        .all()
        .map((row): Project => ({
          channelId: String(row['channel']),
          guildId: String(row['guild']),
          directory: String(row['directory']),
        })),
    unlinkProject: async (channelId) => {
      // Linked again, its messages count from then on.
      for (const table of ['cursor', 'unread', 'project']) db.prepare(`DELETE FROM ${table} WHERE channel = ?`).run(channelId)
    },
    linkProject: async ({ channelId, guildId, directory }, cursor) => {
      db.prepare(
        `INSERT INTO project (channel, guild, directory, linked_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (channel) DO UPDATE SET guild = excluded.guild, directory = excluded.directory,
          linked_at = iif(directory = excluded.directory, linked_at, excluded.linked_at)`,
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
