/** `TerminalsPort` on the database of OpenCode. */
import type { AskDatabase, TerminalsPort } from '../../ports/agent/terminals.ts'
import { databaseOf } from './database.ts'
import { Records } from './records.ts'
import { DatabaseWatch } from './watch.ts'

/** Undefined: OpenCode keeps its sessions in memory. */
export function createTerminals(
  environment: Readonly<Record<string, string | undefined>>,
  apartMs: number,
  ask: AskDatabase,
): TerminalsPort | undefined {
  const file = databaseOf(environment)
  if (file === undefined) return undefined
  const records = new Records(file, ask)
  return {
    watch(onChange) {
      const watching = new DatabaseWatch(file, onChange, apartMs)
      return () => watching.stop()
    },
    sessions: (directories, since) => records.sessions(directories, since),
    last: (session) => records.last(session),
  }
}
