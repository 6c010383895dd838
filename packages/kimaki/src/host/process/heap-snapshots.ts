/**
 * Snapshots of the heap, for whoever looks for what fills the memory: when somebody asks for one, and when the heap is almost full. They hold
 * all that the bot knows, its secrets too, so only its user may read them. Writing one stops the bot for a moment, so there are few.
 */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getHeapStatistics, writeHeapSnapshot } from 'node:v8'
import type { Log } from '../../ports/host.ts'

export const SNAPSHOTS_KEPT = 3
export const COOL_DOWN_MS = 5 * 60_000
const FULL = 0.85
const NAME = /^\d{8}T\d{6}Z(?:-\d+MB)?\.heapsnapshot$/

export interface HeapSnapshotsOptions {
  readonly dataDir: string
  readonly log: Log
  /** Unix ms. */
  readonly now?: () => number
  readonly heap?: () => { readonly used: number; readonly limit: number }
  readonly write?: (file: string) => void
}

export class HeapSnapshots {
  readonly #folder: string
  readonly #options: Required<HeapSnapshotsOptions>

  constructor(options: HeapSnapshotsOptions) {
    this.#options = { now: Date.now, heap: heapNow, write: (file) => void writeHeapSnapshot(file), ...options }
    this.#folder = join(options.dataDir, 'heap-snapshots')
  }

  /** Somebody asks for one. */
  take(): void {
    const waits = this.#coolDown()
    if (waits > 0)
      this.#options.log.info(
        `no heap snapshot is written: the last one is younger than 5 minutes. Ask again in ${Math.ceil(waits / 1000)} s.`,
      )
    else this.#write('somebody has asked for it')
  }

  /** To be called now and then. */
  look(): void {
    const { used, limit } = this.#options.heap()
    if (used / limit >= FULL && this.#coolDown() <= 0)
      this.#write(`the heap is almost full (${megabytes(used)} of ${megabytes(limit)} MB)`)
  }

  /** How long until the next may be written, ms. */
  #coolDown(): number {
    const newest = Math.max(0, ...this.#kept().map(({ at }) => at))
    return newest + COOL_DOWN_MS - this.#options.now()
  }

  #write(why: string): void {
    const { log, now, heap, write } = this.#options
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      for (const { file } of this.#kept().slice(SNAPSHOTS_KEPT - 1)) rmSync(file, { force: true })
      const time = new Date(now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
      const file = join(this.#folder, `${time}-${megabytes(heap().used)}MB.heapsnapshot`)
      // V8 writes into the file that is there, and leaves its mode.
      writeFileSync(file, '', { mode: 0o600 })
      chmodSync(file, 0o600)
      write(file)
      log.warn(`a heap snapshot was written: ${why}. It holds secrets: show it to nobody.`, { file })
    } catch (error) {
      log.error('a heap snapshot could not be written', { error: String(error) })
    }
  }

  /** The newest first. */
  #kept(): readonly { readonly file: string; readonly at: number }[] {
    return names(this.#folder)
      .filter((name) => NAME.test(name))
      .map((name) => join(this.#folder, name))
      .flatMap((file) => {
        const stats = statSync(file, { throwIfNoEntry: false })
        return stats ? [{ file, at: stats.mtimeMs }] : []
      })
      .toSorted((one, other) => other.at - one.at)
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20)

function heapNow(): { readonly used: number; readonly limit: number } {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
  return { used, limit }
}
