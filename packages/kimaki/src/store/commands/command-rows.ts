/** What Discord was told of slash commands, and what OpenCode offers: both can be read again, so a row that cannot be read is none. */
import type { DatabaseSync } from 'node:sqlite'
import type { Offered } from '../../domain/offered.ts'
import type { CommandRecords } from '../../ports/store.ts'

/** Without the interface's name: callers wrap each call. */
export function commandRows(db: DatabaseSync): Pick<CommandRecords, keyof CommandRecords> {
  const offered = db.prepare(`SELECT directory, body FROM offered`)
  const keepOffered = db.prepare(`INSERT INTO offered (directory, body) VALUES (?, ?)
    ON CONFLICT (directory) DO UPDATE SET body = excluded.body`)
  const registered = db.prepare(`SELECT names, hash FROM registered WHERE application = ? AND guild = ?`)
  const keepRegistered = db.prepare(`INSERT INTO registered (application, guild, names, hash) VALUES (?, ?, ?, ?)
    ON CONFLICT (application, guild) DO UPDATE SET names = excluded.names, hash = excluded.hash`)
  return {
    async offered() {
      const rows = offered.all().map(({ directory, body }) => [String(directory), read(String(body))] as const)
      return new Map(rows.flatMap(([directory, body]): [string, Offered][] => (isOffered(body) ? [[directory, body]] : [])))
    },
    keepOffered: async (directory, body) => void keepOffered.run(directory, JSON.stringify(body)),
    async registered({ applicationId, guildId }) {
      const row = registered.get(applicationId, guildId)
      const names = row && read(String(row['names']))
      if (!row || !Array.isArray(names)) return undefined
      return { names: names.map(String), hash: typeof row['hash'] === 'string' ? row['hash'] : undefined }
    },
    keepRegistered: async ({ applicationId, guildId }, { names, hash }) =>
      void keepRegistered.run(applicationId, guildId, JSON.stringify(names), hash ?? null),
  }
}

function read(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const isOffered = (body: unknown): body is Offered =>
  typeof body === 'object' && body !== null && 'agents' in body && 'commands' in body
