/** Dependencies that all shell commands of one bot share. */
import type { Folders, Log, Processes } from '../../ports/host.ts'
import type { ShellLimits } from './limits.ts'
import type { GroupLooks } from './looks.ts'
import type { RunningRecord } from './record.ts'

export interface ShellDeps {
  readonly log: Log
  /** Our own files about commands stand here. */
  readonly folder: string
  /** The bot's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly processes: Pick<Processes, 'identify'>
  readonly looks: GroupLooks
  readonly folders: Folders
  readonly limits: ShellLimits
  readonly record: RunningRecord
}
