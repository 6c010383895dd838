/** The data folder, and what must stand in it before anything else starts. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { Secrets } from '../../base/redact.ts'
import { createLog } from '../../host/log.ts'
import type { Log } from '../../ports/host.ts'
import { prepareDataDir } from '../data-folder.ts'
import { EXIT_TEMPORARY, EXIT_USAGE } from '../status.ts'

export interface DataDir {
  readonly log: Log
}

/** The folder cannot be used: the exit code, and the sentence for the operator. */
export interface DataDirTrouble {
  readonly code: number
  readonly message: string
}

/** Makes or opens it. `secrets`: values that the log must never hold. */
export function openDataDir(dataDir: string, secrets: Secrets): DataDir | DataDirTrouble {
  const refused = prepareDataDir(dataDir)
  if (refused) return troubleWith(dataDir, refused)
  try {
    return { log: createLog(dataDir, secrets) }
  } catch (error) {
    return troubleWith(dataDir, error)
  }
}

/** Full, read-only, over quota, failing, too many open files: worth another try later. */
const TEMPORARY: readonly string[] = ['ENOSPC', 'EROFS', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE']

/** Throws an error that the disk has not made. */
export function troubleWith(dataDir: string, error: unknown): DataDirTrouble {
  if (error instanceof UsageError) return { code: EXIT_USAGE, message: error.message }
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error
  const isTemporary = TEMPORARY.includes(String(error.code))
  const next = isTemporary ? 'It is tried again.' : 'Make the folder writable, or choose another with --data-dir.'
  return {
    code: isTemporary ? EXIT_TEMPORARY : EXIT_USAGE,
    message: `the data folder ${dataDir} cannot be used (${error.message}). ${next}`,
  }
}

/** Versions before the control socket kept a secret here, which opened their port. */
export function forgetOldToken(dataDir: string): void {
  try {
    rmSync(join(dataDir, 'control-token'), { force: true })
  } catch {
    // It opens nothing any more.
  }
}
