/**
 * Attachments of people's messages as files below the data folder: `attachments/<conversation>/`. They are deleted when they are old, the
 * oldest ones also when there are too many; never those of a conversation in which something is open, unless nothing else makes room.
 */
import { mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { SerialQueue } from '../base/serial.ts'
import type { Files, Log, OldFiles } from '../ports/host.ts'
import { FILE_LIMITS, type FileLimits } from './file-limits.ts'
import { lackingRoom } from './room.ts'
import { saveUpload } from './uploads.ts'

interface Kept {
  readonly path: string
  readonly conversation: string
  readonly size: number
  /** Unix ms of the last write. */
  readonly at: number
}

export function createFiles(dataDir: string, log: Log, limits: FileLimits = FILE_LIMITS): Files {
  const root = resolve(dataDir, 'attachments')
  const changes = new SerialQueue()
  /** Bytes of all attachments; undefined until they were counted. */
  let total: number | undefined
  let open: ReadonlySet<string> = new Set()

  async function save(conversationId: string, name: string, data: Uint8Array): Promise<string | undefined> {
    const folder = join(root, conversationId)
    const path = join(folder, name)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const before = await sizeOf(path)
      if (!(await makeRoom(data.length - before, path))) {
        log.error('an attachment was not saved: the disk is full, or attachments take all the room they may', { path })
        return undefined
      }
      total = (total ?? 0) + data.length - before
      await writeFile(path, data, { mode: 0o600, flush: true })
      return path
    } catch (error) {
      log.error('an attachment could not be saved', { path, error: String(error) })
      total = undefined
      // What was written of it would only fill the disk.
      await rm(path, { force: true }).catch(() => undefined)
      return undefined
    }
  }

  /** Deletes the oldest files until so many bytes fit, open conversations' last; none when that would not suffice. */
  async function makeRoom(bytes: number, but: string): Promise<boolean> {
    total ??= sum(await list(root))
    let lacking = Math.max(total + bytes - limits.bytes, lackingRoom(root, bytes))
    if (lacking <= 0) return true
    const others = (await list(root)).filter(({ path }) => path !== but)
    if (sum(others) < lacking) return false
    const isOpen = ({ conversation }: Kept): number => Number(open.has(conversation))
    for (const file of others.toSorted((a, b) => isOpen(a) - isOpen(b) || a.at - b.at)) {
      if (lacking <= 0) break
      await remove(file)
      lacking -= file.size
    }
    return true
  }

  async function remove({ path, size }: Pick<Kept, 'path' | 'size'>): Promise<void> {
    await rm(path, { force: true })
    total = Math.max(0, (total ?? 0) - size)
  }

  return {
    ownerOf(patterns) {
      const [owner, ...others] = new Set(patterns.map((pattern) => ownerIn(root, pattern)))
      return others.length === 0 ? owner : undefined
    },
    saveAttachment: (conversationId, name, data) => changes.run(() => save(conversationId, name, data)),
    saveUpload,
    read: async (path) => (isBelow(root, path) ? readFile(path).catch(() => undefined) : undefined),
    remove: (paths) =>
      changes.run(async () => {
        for (const path of paths) if (isBelow(root, path)) await remove({ path, size: await sizeOf(path) })
      }),

    old: async (now, openConversations) => countOf(await oldIn(root, now - limits.ageMs, new Set(openConversations))),
    deleteOld: (now, openConversations) =>
      changes.run(async () => {
        open = new Set(openConversations)
        try {
          const old = await oldIn(root, now - limits.ageMs, open)
          for (const file of old) await remove(file)
          for (const { conversation } of old) await rmdir(join(root, conversation)).catch(() => undefined)
          total = sum(await list(root))
          if (old.length > 0) log.info('old attachments were deleted', { ...countOf(old) })
        } catch (error) {
          log.warn('old attachments could not be deleted', { error: String(error) })
        }
      }),
  }
}

const countOf = (old: readonly Kept[]): OldFiles => ({ files: old.length, bytes: sum(old) })

const oldIn = async (root: string, before: number, open: ReadonlySet<string>): Promise<readonly Kept[]> =>
  (await list(root)).filter(({ at, conversation }) => at < before && !open.has(conversation))

/** 0: it is not there. */
const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0

const isBelow = (root: string, path: string): boolean => resolve(path).startsWith(root + sep)

const sum = (files: readonly Kept[]): number => files.reduce((all, { size }) => all + size, 0)

async function list(root: string): Promise<readonly Kept[]> {
  const kept: Kept[] = []
  for (const conversation of await readdir(root).catch(() => [])) {
    for (const name of await readdir(join(root, conversation)).catch(() => [])) {
      const path = join(root, conversation, name)
      const stats = await stat(path).catch(() => undefined)
      if (stats?.isFile()) kept.push({ path, conversation, size: stats.size, at: stats.mtimeMs })
    }
  }
  return kept
}

/** The folder of a conversation that everything the pattern matches lies in: a wildcard may only stand below it, and nothing leads out. */
function ownerIn(root: string, pattern: string): string | undefined {
  const [owner = '', ...below] = relative(root, pattern).split(sep)
  const isBelow = pattern.startsWith(root + sep) && below.length > 0 && !pattern.split(sep).includes('..')
  return isBelow && /^\d+$/.test(owner) ? owner : undefined
}
