/** The servers of an earlier bot get their slots back, with the projects that they serve; what the tools of the dead left running is ended. */
import type { RememberedServer, ServerRecord, ServerRecords } from '../../ports/agent.ts'
import type { RootOf } from '../project/project-root.ts'

export interface RestoreDeps {
  readonly records: ServerRecords
  readonly dataDir: string
  readonly rootOf: RootOf
  /** Does the process on record still live? */
  readonly isRecordedServer: (record: ServerRecord) => boolean
  /** Ends what the tools of dead servers left running; the first signals are sent before it returns. */
  readonly endLeftRunning: (dead: readonly ServerRecord[]) => Promise<void>
  /** Adds the slot of a server. */
  readonly open: (projects: readonly string[], remembered: RememberedServer) => void
}

/**
 * Resolves when nothing of the dead runs any more. Slots only for servers that live: after a reboot, projects that shared a server are free
 * to have their own.
 */
export async function restoreSlots(deps: RestoreDeps): Promise<void> {
  const { records, dataDir, rootOf, isRecordedServer, endLeftRunning, open } = deps
  const groups = Object.groupBy(records.read(), ({ record }) => (isRecordedServer(record) ? 'living' : 'dead'))
  const living = (groups.living ?? []).map(async (remembered) => {
    const { directories } = remembered
    const projects = await Promise.all((directories.length === 0 ? [dataDir] : directories).map(rootOf))
    return { projects, remembered }
  })
  const dead = groups.dead ?? []
  const ended = endLeftRunning(dead.map(({ record }) => record))
  for (const { projects, remembered } of await Promise.all(living)) open(projects, remembered)
  // A record that stays does no harm.
  void records.forget(dead.flatMap(({ directories }) => directories)).catch(() => undefined)
  await ended
}
