/**
 * Reads in folders of projects: they may lie on a drive that does not answer, and a repository may carry pipes and links to devices. A read
 * that hangs holds one of the four threads of Node's pool, and no call can free it. So:
 *
 * F1 At most two pieces of work are under way at once, and each makes one call after the other: two threads at the most.
 * F2 Work that takes too long closes its folder: nothing is read there until the work has come back. A busy machine is slow, too: so the
 *    folder itself is asked first, and as long as it answers the work has more time, within bounds.
 * F3 While a folder is closed, any other is asked first by a small process, which can be killed: a drive that went away holds no further
 *    thread.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { FolderRefused } from '../base/errors.ts'
import { withDeadline } from '../base/sleep.ts'
import type { Folders } from '../ports/host.ts'
import { Presence } from './presence.ts'

/** Bytes; a configuration has a few thousand. */
const LARGEST_FILE = 1024 * 1024
const AT_ONCE = 2
const WORK_MS = 5_000
const PROBE_MS = 2_000
/** Something below the folder may hang while the folder itself answers. */
const MOST_WAITS = 4

export interface FoldersOptions {
  readonly workMs?: number
  /** Did the folder answer in time? */
  readonly probe?: (folder: string, ms: number) => Promise<boolean>
}

export function createFolders({ workMs = WORK_MS, probe = probeByProcess }: FoldersOptions = {}): Folders {
  /** F2 */
  const closed = new Set<string>()
  const waiting: (() => void)[] = []
  let underWay = 0

  async function within<T>(folder: string, work: () => Promise<T>): Promise<T | FolderRefused> {
    if (closed.has(folder) || (closed.size > 0 && !(await probe(folder, PROBE_MS)))) return silent(folder)
    await turn()
    try {
      // Another piece of work may have closed it meanwhile.
      if (closed.has(folder)) return silent(folder)
      return await inTime(folder, work())
    } finally {
      underWay -= 1
      waiting.shift()?.()
    }
  }

  async function turn(): Promise<void> {
    while (underWay >= AT_ONCE) await new Promise<void>((resolve) => void waiting.push(resolve))
    underWay += 1
  }

  async function inTime<T>(folder: string, work: Promise<T>): Promise<T | FolderRefused> {
    const value = work.then((known) => ({ value: known }))
    for (let waits = 1; waits <= MOST_WAITS; waits += 1) {
      const result = await withDeadline(value, workMs, NEVER)
      if (result) return result.value
      if (!(await probe(folder, PROBE_MS))) break
    }
    closed.add(folder)
    value.catch(() => undefined)
    const reopen = (): void => void closed.delete(folder)
    work.then(reopen, reopen)
    return silent(folder)
  }

  const presence = new Presence()
  return { within, read: readSmallFile, present: (folder, names) => presence.of(folder, names) }
}

const NEVER = new AbortController().signal

const silent = (directory: string): FolderRefused =>
  new FolderRefused({
    directory,
    reason: 'it does not answer. If it lies on another machine, or on a drive that can be taken out, bring that back',
  })

/** Not even opening waits: a pipe without a writer would hold its reader for ever. */
async function readSmallFile(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > LARGEST_FILE) return undefined
    // Files of the kernel tell size 0, and a file may grow meanwhile.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(stats.size, 4096) + 1))
    return bytesRead > LARGEST_FILE ? undefined : buffer.toString('utf8', 0, bytesRead)
  } catch {
    return undefined
  }
}

/** Any answer is one: a folder that is gone is told by whoever reads it. The process stands elsewhere, or its start would wait, too. */
function probeByProcess(folder: string, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', 'test -d "$1/."', 'sh', folder], { cwd: '/', stdio: 'ignore' })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      child.unref()
      resolve(false)
    }, ms)
    const answered = (): void => {
      clearTimeout(timer)
      resolve(true)
    }
    child.once('exit', answered)
    child.once('error', answered)
  })
}
