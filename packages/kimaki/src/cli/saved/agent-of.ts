/** Whether an agent calls: the shell of an agent names the data folder of its bot. Another bot's data folder is none of its business. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'

/** Set in the shells of agents (`opencode/secrets/agent-shell.ts`). */
export const AGENT_VARIABLE = 'KIMAKI_AGENT_OF'

export function isAgent(environment: Readonly<Record<string, string | undefined>>, dataDir: string): boolean {
  const of = environment[AGENT_VARIABLE]
  return of !== undefined && of !== '' && real(resolve(of)) === real(dataDir)
}

function real(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
