/**
 * A file of this machine that a tool names: a tool may be anybody's program and name any file, so only what lies in the project or among the
 * results of tools that OpenCode keeps is read, wherever links lead.
 */
import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, sep } from 'node:path'
import type { FoundFile } from '../../../ports/agent.ts'

interface Wanted {
  readonly mime: string
  readonly limitBytes: number
  readonly roots: readonly string[]
}

export async function readLocal(path: string, { mime, limitBytes, roots }: Wanted): Promise<FoundFile> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) return { kind: 'missing', reason: 'it is not there any more' }
  const allowed = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)))
  if (!allowed.some((root) => root !== undefined && real.startsWith(root.endsWith(sep) ? root : root + sep))) {
    return { kind: 'missing', reason: 'it lies outside the project' }
  }
  // A pipe or a device would be waited for without end.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (!file) return { kind: 'missing', reason: 'it cannot be read' }
  try {
    const found = await file.stat()
    if (!found.isFile()) return { kind: 'missing', reason: 'it is no regular file' }
    if (found.size > limitBytes) return { kind: 'large', path: real, size: found.size }
    return found.size > 0 ? { kind: 'bytes', mime, bytes: await file.readFile() } : { kind: 'missing', reason: 'it is empty' }
  } catch {
    return { kind: 'missing', reason: 'it cannot be read' }
  } finally {
    await file.close()
  }
}

/** Beside it lie log-ins and the sessions of all projects. */
export function toolResultsFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment['HOME'] || homedir()
  return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'opencode', 'tool-output')
}
