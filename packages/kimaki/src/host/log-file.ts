/**
 * A file that lines are added to, start after start, and that never grows beyond its bound: the full one becomes `<file>.1`, in place of
 * the one before. So the last words before a crash are still there after it, and two files are all there ever is.
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

export interface LogFile {
  /** A line that the disk does not take is left out: a full disk costs lines, not the bot. */
  write(line: string): void
}

export const LOG_BYTES = 5_000_000

/** Throws when the file cannot be opened. */
export function openLogFile(path: string, maxBytes = LOG_BYTES): LogFile {
  let file = open(path)
  /** Something of a line stands at its end, without the end of the line. */
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
        // Nobody to tell: this is the place where it would be told. The next line tries again.
      }
    },
  }
}

function open(path: string): { readonly fd: number; size: number } {
  const fd = openSync(path, 'a', 0o600)
  return { fd, size: fstatSync(fd).size }
}
