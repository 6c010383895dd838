/** The servers of an earlier bot get their slots back, with the projects that they serve; what the tools of the dead left running is ended. */
import type { RememberedServer, ServerRecord, ServerRecords } from '../../ports/agent.ts'
import { projectRoot } from './project-root.ts'

export interface RestoreDeps {
  readonly records: ServerRecords
  readonly dataDir: string
  /** Does the process on record still live? */
  readonly isRecordedServer: (record: ServerRecord) => boolean
  /** Ends what the tools of dead servers left running; the first signals are sent before it returns. */
  readonly endLeftRunning: (dead: readonly ServerRecord[]) => Promise<void>
  /** Adds the slot of a server. */
  readonly open: (project: string, remembered: RememberedServer) => void
}

/** Resolves when nothing of the dead runs any more. Slots only for servers that live: after a reboot, projects that shared a server are free to have their own. */
export function restoreSlots({ records, dataDir, isRecordedServer, endLeftRunning, open }: RestoreDeps): Promise<void> {
  const groups = Object.groupBy(records.read(), ({ record }) => (isRecordedServer(record) ? 'living' : 'dead'))
  for (const remembered of groups.living ?? []) open(projectRoot(remembered.directories[0] ?? dataDir), remembered)
  const dead = groups.dead ?? []
  const ended = endLeftRunning(dead.map(({ record }) => record))
  // A record that stays does no harm.
  void records.forget(dead.flatMap(({ directories }) => directories)).catch(() => undefined)
  return ended
}
