/** Where OpenCode keeps its database: as its server finds it in the environment that it inherits from us. */
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Undefined: in memory, where no other process could write. */
export function databaseOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = environment['HOME'] || homedir()
  const folder = join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'opencode')
  const named = environment['OPENCODE_DB'] || 'opencode.db'
  if (named === ':memory:') return undefined
  return isAbsolute(named) ? named : join(folder, named)
}
