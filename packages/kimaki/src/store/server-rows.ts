/** The OpenCode servers on record: a row for each folder says which process serves it, so rows with one pid are one server. */
import type { DatabaseSync } from 'node:sqlite'
import type { RememberedServer, ServerRecords } from '../ports/agent.ts'

/** Nothing is written any more once the file is `damaged`. */
export function serverRows(db: DatabaseSync, damaged: () => boolean): ServerRecords {
  const together = (work: () => void): void => {
    if (damaged()) throw new Error('the database is damaged: nothing is written to it any more')
    inOneCommit(db, work)
  }
  const all = db.prepare(`SELECT * FROM server ORDER BY rowid`)
  const write = db.prepare(`INSERT INTO server (directory, pid, started, port, password, seen, bare)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (directory) DO UPDATE SET pid = excluded.pid, started = excluded.started, port = excluded.port,
      password = excluded.password, seen = excluded.seen, bare = excluded.bare`)
  const forget = db.prepare(`DELETE FROM server WHERE directory = ?`)
  const seen = db.prepare(`UPDATE server SET seen = ?`)
  return {
    read: () => [...Map.groupBy(all.all(), ({ pid, started }) => `${String(pid)} ${String(started)}`).values()].map(toServer),
    write: async ({ pid, startTicks, port, password, isBare }, directories) => {
      const at = new Date().toISOString()
      together(() => {
        for (const directory of directories) write.run(directory, pid, startTicks, port, password, at, Number(isBare === true))
      })
    },
    forget: async (directories) => {
      // Nothing to write: no lock to wait for either.
      if (directories.length === 0) return
      together(() => {
        for (const directory of directories) forget.run(directory)
      })
    },
    heartbeat: async (at) => together(() => void seen.run(new Date(at).toISOString())),
  }
}

type Row = Readonly<Record<string, unknown>>

function toServer(rows: readonly Row[]): RememberedServer {
  const [{ pid, started, port, password, seen, bare } = {}] = rows
  return {
    record: {
      pid: Number(pid),
      startTicks: String(started),
      port: Number(port),
      password: String(password),
      ...(bare === 1 && { isBare: true }),
    },
    directories: rows.map(({ directory }) => String(directory)),
    heartbeatAt: Date.parse(String(seen)),
  }
}

/** One fsync for all of them; synchronous, so that no other statement comes in between. */
function inOneCommit(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
