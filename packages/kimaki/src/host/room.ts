/** Room on the disk of the data folder: our own large files leave enough of it to the database, without which nobody is answered. */
import { statfsSync } from 'node:fs'

/** A database with its journal grows by some megabytes a day. */
const RESERVED_BYTES = 64 * 1024 * 1024
/** Of a small disk. */
const RESERVED_PART = 0.1

/** Bytes that the disk lacks for so many more in files of ours; 0 or less when they fit. Synchronous: it asks the kernel only, about our own folder. */
export function lackingRoom(folder: string, bytes: number): number {
  const { bavail, blocks, bsize } = statfsSync(folder)
  return Math.min(RESERVED_BYTES, blocks * bsize * RESERVED_PART) + bytes - bavail * bsize
}
