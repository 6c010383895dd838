/** Has an OpenCode of generation 2 been used on the data that ours uses? It brings tables of its own into the same database. */
import { databaseOf } from '../../opencode/terminals/database.ts'
import { askForeign } from '../../store/inquiry/foreign.ts'

const ITS_SESSIONS = `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'session_v2'`

/** No, where it cannot be told. */
export function isBesideNewer(environment: Readonly<Record<string, string | undefined>>): boolean {
  const file = databaseOf(environment)
  const found = file === undefined ? undefined : askForeign(file, (all) => all(ITS_SESSIONS).length > 0)
  return found === true
}
