/**
 * Makes the data folder, or opens one that was there, before anything in it is read: who can write there can give the bot orders.
 *
 * F1. The folder belongs to the user who runs kimaki, and only that user may enter it. So does everything in it that kimaki reads or writes.
 * F2. The folder itself may be a link, as for state on another disk; so may its folders. A file may not: whoever made the link chose where
 *     secrets are written.
 * F3. Modes are set. A folder that others use for other things is refused instead: its modes are not kimaki's to change.
 * F4. The folder is closed first: what is looked at afterwards cannot be changed by others any more.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync, type Stats } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { UsageError } from '../base/errors.ts'

const DATABASE = 'discord-sessions.db'
const FILES =
  /^(discord-sessions\.db.*|control\.sock|control-token|bot-process\.json|credentials\.json|kimaki\.log.*|opencode-server-.*\.log)$/
const FOLDERS = /^(attachments|shell|projects|heap-snapshots)$/
const OTHERS = 0o077
const STICKY = 0o1000

/** A `UsageError`: the folder is not safe. Any other error: the disk does not take it. */
export function prepareDataDir(dataDir: string): Error | undefined {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const user = process.geteuid?.()
    // Windows knows neither these owners nor these modes.
    return user === undefined ? undefined : closeFolder(dataDir, user)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function closeFolder(dataDir: string, user: number): UsageError | undefined {
  const found = statSync(dataDir)
  const link = lstatSync(dataDir)
  // Root may have made the link: root can do all of this anyway.
  const stranger = [found.uid, link.uid || user].find((uid) => uid !== user)
  if (stranger !== undefined)
    return unsafe(
      `the data folder ${dataDir} belongs to another user (uid ${stranger}; kimaki runs as ${user}), who could read and change all that kimaki keeps there. Choose a folder of your own with --data-dir, or make this one yours with chown.`,
    )
  const open = (found.mode & OTHERS) === 0 ? undefined : closeToOthers(dataDir, found)
  return open ?? closeEntries(dataDir, user)
}

/** Other users may enter it. */
function closeToOthers(dataDir: string, found: Stats): UsageError | undefined {
  const mode = (found.mode & 0o7777).toString(8)
  if (isShared(dataDir, found))
    return unsafe(
      `other users may enter the data folder ${dataDir} (mode ${mode}), and it holds more than kimaki's files. Choose a folder of its own with --data-dir, or close this one: chmod 700 ${dataDir}`,
    )
  return setMode(dataDir, 0o700)
}

/** Whether closing it would take something from others: it is a place of the system, or somebody keeps other things there. */
export function isShared(dataDir: string, { mode }: Stats): boolean {
  if ((mode & STICKY) !== 0 || dirname(dataDir) === dataDir || dataDir === homedir()) return true
  const names = readdirSync(dataDir)
  return !names.includes(DATABASE) && !names.every((name) => FILES.test(name) || FOLDERS.test(name))
}

function closeEntries(folder: string, user: number): UsageError | undefined {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const refused = FILES.test(name) ? closeEntry(path, user) : FOLDERS.test(name) ? closeInner(path, user) : undefined
    if (refused) return refused
  }
  return undefined
}

/** `shell` says which processes the next start ends; of `attachments` nothing is read that a message does not name. */
function closeInner(path: string, user: number): UsageError | undefined {
  const refused = closeEntry(path, user, 'link may be')
  if (refused || !path.endsWith('shell')) return refused
  for (const name of readdirSync(path)) {
    const inner = closeEntry(join(path, name), user)
    if (inner) return inner
  }
  return undefined
}

function closeEntry(path: string, user: number, links: 'link may be' | 'no link' = 'no link'): UsageError | undefined {
  const link = lstatSync(path, { throwIfNoEntry: false })
  if (!link) return undefined
  if (link.isSymbolicLink() && links === 'no link')
    return unsafe(`${path} is a link: what kimaki writes there would stand elsewhere. Remove it, or move its file here.`)
  const found = link.isSymbolicLink() ? statSync(path) : link
  const stranger = [found.uid, link.uid].find((uid) => uid !== user)
  if (stranger !== undefined)
    return unsafe(
      `${path} belongs to another user (uid ${stranger}; kimaki runs as ${user}), so kimaki does not use it. Remove it, or make it yours with chown.`,
    )
  return (found.mode & OTHERS) === 0 ? undefined : setMode(path, found.isDirectory() ? 0o700 : 0o600)
}

function setMode(path: string, mode: number): UsageError | undefined {
  chmodSync(path, mode)
  if ((statSync(path).mode & OTHERS) === 0) return undefined
  return unsafe(
    `other users may read ${path}, and its file system does not let that be changed. Choose a folder on another disk with --data-dir.`,
  )
}

const unsafe = (reason: string): UsageError => new UsageError({ reason })
