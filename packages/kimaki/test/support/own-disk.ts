/**
 * A disk of its own for one folder, that can be full or read-only while a bot works on it. Mounted where this user may mount; elsewhere
 * the nearest a user can do to himself: a limit on how large a process's files may grow, and the permissions of the files.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface OwnDisk {
  /** No more room, for the process with this pid at least; returns the way back. */
  fill(pid: number): () => void
  /** Before a process starts; returns the way back. */
  makeReadOnly(): () => void
  remove(): void
}

const MEGABYTES = 8

export function ownDisk(folder: string): OwnDisk {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return runs('mount', '-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=700`, 'kimaki-test', folder)
    ? mounted(folder)
    : borrowed(folder)
}

function mounted(folder: string): OwnDisk {
  const filler = join(folder, 'filler')
  return {
    fill() {
      for (const size of [1_000_000, 4096, 1]) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
        } catch {
          // Full for pieces of this size.
        }
      }
      return () => rmSync(filler)
    },
    makeReadOnly() {
      runs('mount', '-o', 'remount,ro', folder)
      return () => void runs('mount', '-o', 'remount,rw', folder)
    },
    remove: () => void runs('umount', '--lazy', folder),
  }
}

function borrowed(folder: string): OwnDisk {
  return {
    fill: (pid) => forbidGrowth(pid),
    makeReadOnly() {
      const files = readdirSync(folder).map((name) => join(folder, name))
      for (const file of files) chmodSync(file, 0o400)
      chmodSync(folder, 0o500)
      return () => {
        chmodSync(folder, 0o700)
        for (const file of files) chmodSync(file, 0o600)
      }
    },
    remove: () => undefined,
  }
}

/** Every write of the process to a file fails (EFBIG: to SQLite an I/O error); returns the way back. Node ignores the signal that comes with it. */
export function forbidGrowth(pid: number): () => void {
  const limit = (bytes: string): void => {
    if (!runs('prlimit', '--pid', String(pid), `--fsize=${bytes}:`)) throw new Error('prlimit is needed (package util-linux)')
  }
  limit('1')
  return () => limit('unlimited')
}

function runs(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
