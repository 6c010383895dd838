/**
 * A log file that every start appends to, and that never grows beyond its bound: a full file becomes `<file>.1` and replaces the file of
 * that name. So the last lines before a crash are still there after it, and there are never more than two files.
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

export interface LogFile {
  /** Leaves out a line that the disk does not take: a full disk costs lines, not the bot. */
  write(line: string): void
}

export const LOG_BYTES = 5_000_000

/** Throws when the file cannot be opened. */
export function openLogFile(path: string, maxBytes = LOG_BYTES): LogFile {
  let file = open(path)
  /** The file ends in the middle of a line. */
  let torn = false

  const roll = (): void => {
    renameSync(path, `${path}.1`)
    closeSync(file.fd)
    file = open(path)
  }

  return {
    write(line) {
      const bytes = Buffer.from(torn ? `\n${line}` : line)
      try {
        if (file.size > 0 && file.size + bytes.length > maxBytes) roll()
        torn = true
        const written = writeSync(file.fd, bytes)
        file.size += written
        torn = written < bytes.length
      } catch {
        // The log is where this error would be reported. The next line tries again.
      }
    },
  }
}

function open(path: string): { readonly fd: number; size: number } {
  const fd = openSync(path, 'a', 0o600)
  return { fd, size: fstatSync(fd).size }
}
