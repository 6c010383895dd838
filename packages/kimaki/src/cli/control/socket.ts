/**
 * Where the control socket lies: `control.sock` in the data folder, which only its user may enter. A system takes a socket's path only if it
 * is short (108 bytes on Linux, 104 on macOS, with a NUL). A longer one is named by way of the open folder.
 */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'

export interface SocketPath {
  /** A path that the system takes; good until `release`, which is called once. */
  readonly path: string
  release(): void
}

const LONGEST = 103

export const socketIn = (dataDir: string): string => join(dataDir, 'control.sock')

/** Throws when the folder cannot be opened. */
export function openSocketPath(dataDir: string, platform = process.platform): SocketPath | UsageError {
  const path = socketIn(dataDir)
  if (Buffer.byteLength(path) <= LONGEST) return { path, release: () => undefined }
  if (platform !== 'linux')
    return new UsageError({
      reason: `the path of the data folder ${dataDir} is too long for a socket in it. Choose a shorter one with --data-dir.`,
    })
  const folder = openSync(dataDir, 'r')
  return { path: socketIn(`/proc/self/fd/${folder}`), release: () => closeSync(folder) }
}
