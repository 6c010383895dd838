/** The token with which `kimaki` acts in the shell of an agent: that of the project it stands in. It asks its own bot alone, and may do less (`cli/agent/verbs.ts`). */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { TryLater } from '../../base/errors.ts'
import { linkFile, realPath, type AgentActor } from './agent-links.ts'

/** Of the project that this folder is in. */
export function agentToken(dataDir: string, folder: string): AgentActor | TryLater {
  for (let directory = realPath(folder); ; directory = dirname(directory)) {
    const actor = actorIn(linkFile(dataDir, directory), directory)
    if (actor !== undefined) return actor
    if (dirname(directory) === directory)
      return new TryLater({ reason: `${folder} is in no project of kimaki. Run this in the folder of the project.` })
  }
}

function actorIn(file: string, directory: string): AgentActor | undefined {
  try {
    const { token, actsFor } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly token?: unknown
      readonly actsFor?: AgentActor
    }
    if (actsFor) return actsFor
    return typeof token === 'string' ? { directory, token } : undefined
  } catch {
    return undefined
  }
}
