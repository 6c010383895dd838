/** The token with which `kimaki` acts in the shell of an agent: that of the project it stands in. It asks its own bot alone, and may do less (`cli/agent/verbs.ts`). */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { TryLater } from '../../base/errors.ts'
import { linkFile, realPath } from './agent-links.ts'

export interface AgentToken {
  readonly directory: string
  readonly token: string
}

/** Of the project that this folder is in. */
export function agentToken(dataDir: string, folder: string): AgentToken | TryLater {
  for (let directory = realPath(folder); ; directory = dirname(directory)) {
    const token = tokenIn(linkFile(dataDir, directory))
    if (token !== undefined) return { directory, token }
    if (dirname(directory) === directory)
      return new TryLater({ reason: `${folder} is in no project of kimaki. Run this in the folder of the project.` })
  }
}

function tokenIn(file: string): string | undefined {
  try {
    const { token } = JSON.parse(readFileSync(file, 'utf8')) as { readonly token?: unknown }
    return typeof token === 'string' ? token : undefined
  } catch {
    return undefined
  }
}
