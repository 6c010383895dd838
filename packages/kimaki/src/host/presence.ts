/**
 * Which of some names lie in a folder. Most of what OpenCode might read is not there, in the folder of a project and in each above it, and
 * every prompt asks: a folder that has not changed answers all of it with one call.
 *
 * P1 What was seen in a folder counts as long as the folder has the same time stamps: a name that comes or goes changes them.
 * P2 Time stamps are coarse (2 s on some drives): what was seen within 5 s after a change is not kept.
 */
import type { BigIntStats } from 'node:fs'
import { lstat, stat } from 'node:fs/promises'
import { join } from 'node:path'

const SETTLED_MS = 5_000
/** Folders; the oldest is forgotten first. */
const MOST_KEPT = 2_000

export interface PresenceOptions {
  /** Unix ms. */
  readonly now: () => number
  readonly stat: (path: string) => Promise<BigIntStats | undefined>
}

interface Seen {
  readonly stamp: string
  readonly names: Map<string, boolean>
}

export class Presence {
  readonly #seen = new Map<string, Seen>()
  readonly #now: () => number
  readonly #stat: PresenceOptions['stat']

  constructor({ now = Date.now, stat: statOf = statOrNone }: Partial<PresenceOptions> = {}) {
    this.#now = now
    this.#stat = statOf
  }

  /** Those of the names that are there, in their order. A link is there wherever it leads. One call after the other. */
  async of(folder: string, names: readonly string[]): Promise<readonly string[]> {
    const stats = await this.#stat(folder)
    if (!stats?.isDirectory()) return []
    const { names: known } = this.#seenIn(folder, stats)
    for (const name of names) {
      if (!known.has(name)) known.set(name, await isThere(join(folder, name)))
    }
    return names.filter((name) => known.get(name))
  }

  #seenIn(folder: string, stats: BigIntStats): Seen {
    const { dev, ino, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats
    const stamp = [dev, ino, mtimeNs, ctimeNs].join(':')
    const before = this.#seen.get(folder)
    if (before?.stamp === stamp) return before
    const seen = { stamp, names: new Map<string, boolean>() }
    this.#seen.delete(folder)
    if (this.#now() - Math.max(Number(mtimeMs), Number(ctimeMs)) > SETTLED_MS) this.#keep(folder, seen)
    return seen
  }

  #keep(folder: string, seen: Seen): void {
    const [oldest] = this.#seen.keys()
    if (oldest !== undefined && this.#seen.size >= MOST_KEPT) this.#seen.delete(oldest)
    this.#seen.set(folder, seen)
  }
}

const statOrNone: PresenceOptions['stat'] = (path) => stat(path, { bigint: true }).catch(() => undefined)

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
