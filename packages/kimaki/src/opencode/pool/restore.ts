/** The servers of an earlier bot get their slots back, with the projects that they serve. */
import type { RememberedServer, ServerRecord, ServerRecords } from '../../ports/agent.ts'
import { projectRoot } from './project-root.ts'

export interface RestoreDeps {
  readonly records: ServerRecords
  readonly dataDir: string
  /** Does the process on record still live? */
  readonly isRecordedServer: (record: ServerRecord) => boolean
  /** Adds the slot of a server. */
  readonly open: (project: string, remembered: RememberedServer) => void
}

/** Only for servers that live: after a reboot, projects that shared a server are free to have their own. */
export function restoreSlots({ records, dataDir, isRecordedServer, open }: RestoreDeps): void {
  const groups = Object.groupBy(records.read(), ({ record }) => (isRecordedServer(record) ? 'living' : 'dead'))
  for (const remembered of groups.living ?? []) open(projectRoot(remembered.directories[0] ?? dataDir), remembered)
  const dead = groups.dead ?? []
  // A record that stays does no harm.
  void records.forget(dead.flatMap(({ directories }) => directories)).catch(() => undefined)
}
