/**
 * A pipe as a shell makes it for `|`. Node gives its children sockets, and a socket cannot be opened once more: every script that writes
 * to /dev/stderr or /dev/stdout would fail ("No such device or address").
 */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { CommandError } from '../../base/errors.ts'

export interface Pipe {
  readonly readable: Socket
  /** For the child. The bot closes its own copy once the child has one, or the end of the output never comes. */
  readonly writeEnd: number
}

/** The name of the pipe is removed before the pipe is used. Takes 3 ms. */
export function openPipe(folder: string): Pipe | CommandError {
  const path = join(folder, `${randomUUID()}.pipe`)
  let readEnd: number | undefined
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    execFileSync('mkfifo', ['-m', '600', path], { stdio: 'ignore', timeout: 2_000 })
    // Opened in this order neither end waits for the other.
    readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writeEnd = openSync(path, constants.O_WRONLY)
    return { readable: new Socket({ fd: readEnd, readable: true, writable: false }), writeEnd }
  } catch {
    if (readEnd !== undefined) closeSync(readEnd)
    return new CommandError({ reason: `The command was not run: no pipe can be made in ${folder}. Is the disk full?` })
  } finally {
    remove(path)
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // The pipe was not made.
  }
}
