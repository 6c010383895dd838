/** The data folder, and what must stand in it before anything else starts. */
import { mkdirSync } from 'node:fs'
import type { Secrets } from '../../base/redact.ts'
import { createLog } from '../../host/log.ts'
import type { Log } from '../../ports/host.ts'
import { controlToken } from '../control/token.ts'
import { EXIT_TEMPORARY, EXIT_USAGE } from '../status.ts'

export interface DataDir {
  readonly log: Log
  readonly controlToken: string
}

/** The folder cannot be used: the exit code, and the sentence for the operator. */
export interface DataDirTrouble {
  readonly code: number
  readonly message: string
}

/** Makes or opens it. `secrets`: values that the log must never hold; what stands in the folder is added. */
export function openDataDir(dataDir: string, secrets: Secrets): DataDir | DataDirTrouble {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const token = controlToken(dataDir)
    secrets.add(token)
    return { controlToken: token, log: createLog(dataDir, secrets) }
  } catch (error) {
    const trouble = diskTrouble(dataDir, error)
    if (!trouble) throw error
    return trouble
  }
}

/** Full, read-only, over quota, failing, too many open files: worth another try later. */
const TEMPORARY: readonly string[] = ['ENOSPC', 'EROFS', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE']

/** Undefined for an error that the disk has not made. */
function diskTrouble(dataDir: string, error: unknown): DataDirTrouble | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined
  const isTemporary = TEMPORARY.includes(String(error.code))
  const next = isTemporary ? 'It is tried again.' : 'Make the folder writable, or choose another with --data-dir.'
  return {
    code: isTemporary ? EXIT_TEMPORARY : EXIT_USAGE,
    message: `the data folder ${dataDir} cannot be used (${error.message}). ${next}`,
  }
}
