/** What all commands of one bot share. */
import type { Log, Processes } from '../../ports/host.ts'
import type { ShellLimits } from './limits.ts'
import type { RunningRecord } from './record.ts'

export interface Parts {
  readonly log: Log
  /** For our own files about commands. */
  readonly folder: string
  /** The bot's. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly processes: Processes
  readonly limits: ShellLimits
  readonly record: RunningRecord
}
