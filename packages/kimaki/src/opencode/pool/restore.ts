/** The servers of an earlier bot get their slots back, with the projects that they serve. */
import type { RememberedServer, ServerRecord, ServerRecords } from '../../ports/agent.ts'
import type { RootOf } from '../project/project-root.ts'

export interface RestoreDeps {
  readonly records: ServerRecords
  readonly dataDir: string
  readonly rootOf: RootOf
  /** Does the process on record still live? */
  readonly isRecordedServer: (record: ServerRecord) => boolean
  /** Adds the slot of a server. */
  readonly open: (projects: readonly string[], remembered: RememberedServer) => void
}

/** Only for servers that live: after a reboot, projects that shared a server are free to have their own. */
export async function restoreSlots({ records, dataDir, rootOf, isRecordedServer, open }: RestoreDeps): Promise<void> {
  const groups = Object.groupBy(records.read(), ({ record }) => (isRecordedServer(record) ? 'living' : 'dead'))
  const living = (groups.living ?? []).map(async (remembered) => {
    const { directories } = remembered
    const projects = await Promise.all((directories.length === 0 ? [dataDir] : directories).map(rootOf))
    return { projects, remembered }
  })
  for (const { projects, remembered } of await Promise.all(living)) open(projects, remembered)
  const dead = groups.dead ?? []
  // A record that stays does no harm.
  void records.forget(dead.flatMap(({ directories }) => directories)).catch(() => undefined)
}
