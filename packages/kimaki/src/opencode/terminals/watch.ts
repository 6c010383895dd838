/**
 * Watches a SQLite database that other programs write: the file and its write-ahead log.
 *
 *     watching ──an event──▶ waiting, until `apartMs` after the last call ──▶ called, watching again
 *        └── a look at the files every minute (every `apartMs` where the system does not tell) finds what no event has told
 *
 * While it waits nothing is heard, so a database that is written all the time costs one call in that time.
 */
import { statSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'

const LOOK_MS = 60_000
/** What is written together is seen together. */
const SETTLE_MS = 100

export class DatabaseWatch {
  readonly #file: string
  readonly #onChange: () => void
  readonly #apartMs: number
  #watcher: FSWatcher | undefined
  #timer: NodeJS.Timeout | undefined
  #seen: string
  #calledAt = Number.NEGATIVE_INFINITY

  constructor(file: string, onChange: () => void, apartMs: number) {
    this.#file = file
    this.#onChange = onChange
    this.#apartMs = apartMs
    this.#seen = stampOf(file)
    this.#listen()
  }

  stop(): void {
    this.#deaf()
  }

  #listen(): void {
    this.#deaf()
    const name = basename(this.#file)
    try {
      const watcher = watch(dirname(this.#file), { persistent: false }, (_kind, file) => {
        if (file === null || file === name || file === `${name}-wal`) this.#changed()
      })
      watcher.on('error', () => this.#later(this.#apartMs))
      this.#watcher = watcher
    } catch {
      // The folder is not there yet, or the system has no watch left: looked at instead.
    }
    this.#later(this.#watcher ? LOOK_MS : this.#apartMs)
    if (stampOf(this.#file) !== this.#seen) this.#changed()
  }

  #deaf(): void {
    this.#watcher?.close()
    this.#watcher = undefined
    clearTimeout(this.#timer)
  }

  #later(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), ms)
    this.#timer.unref()
  }

  #changed(): void {
    this.#deaf()
    this.#later(Math.max(SETTLE_MS, this.#calledAt + this.#apartMs - performance.now()))
  }

  #look(): void {
    const stamp = stampOf(this.#file)
    if (stamp !== this.#seen) {
      this.#seen = stamp
      this.#calledAt = performance.now()
      this.#onChange()
    }
    this.#listen()
  }
}

const stampOf = (file: string): string => [file, `${file}-wal`].map(partOf).join()

function partOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.mtimeMs}/${found.size}` : ''
}
