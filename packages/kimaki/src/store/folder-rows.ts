/** What people decided about the programs that folders bring. */
import type { DatabaseSync } from 'node:sqlite'
import type { FolderTrust } from '../ports/agent.ts'
import type { FolderRecords } from '../ports/store.ts'

export function folderRows(db: DatabaseSync): FolderRecords {
  const all = db.prepare(`SELECT directory, trusted, programs FROM folder`)
  const write = db.prepare(`INSERT INTO folder (directory, trusted, programs, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (directory) DO UPDATE SET trusted = excluded.trusted, programs = excluded.programs, at = excluded.at`)
  const isWelcomed = db.prepare(`SELECT 1 FROM welcome WHERE guild = ?`)
  const welcomes = db.prepare(`INSERT OR IGNORE INTO welcome (guild, channel) VALUES (?, ?)`)
  const read = (): readonly FolderTrust[] => all.all().map(toTrust)
  const save = (trust: FolderTrust): FolderTrust => {
    write.run(trust.directory, Number(trust.isTrusted), JSON.stringify(trust.programs), new Date().toISOString())
    return trust
  }
  const known = (directory: string): FolderTrust | undefined => read().find((trust) => trust.directory === directory)
  return {
    all: read,
    async decide(directory, { isTrusted, programs }) {
      const decided = isTrusted ?? known(directory)?.isTrusted ?? programs.length === 0
      return save({ directory, isTrusted: decided, programs })
    },
    welcomed: (guildId) => isWelcomed.get(guildId) !== undefined,
    async welcome(guildId, channelId) {
      welcomes.run(guildId, channelId)
    },
    async knows(directory, programs) {
      save({ directory, isTrusted: known(directory)?.isTrusted ?? true, programs })
    },
  }
}

function toTrust({ directory, trusted, programs }: Readonly<Record<string, unknown>>): FolderTrust {
  return { directory: String(directory), isTrusted: trusted === 1, programs: JSON.parse(String(programs)) as readonly string[] }
}
