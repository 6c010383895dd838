/**
 * Signals a process group and waits for its end.
 *
 * G1. The number of a group belongs to it as long as one process of it lives. Once the group was seen empty it is never signalled again,
 *     since the system may give the number to somebody else.
 * G2. A dead process that its parent has not collected keeps the number, and counts as dead.
 * G3. All groups share a look at the machine while they wait for their ends. It may be a moment old: the dead stay dead and have no
 *     children, so a group that was dead then is dead, and one that has died since is seen at the next look.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { GroupMember } from '../../ports/host.ts'
import type { ShellLimits } from './limits.ts'
import type { GroupLooks } from './looks.ts'

const POLL_MS = 25
/** A look may be this old: less than a poll, so that each poll sees something new. */
const FRESH_MS = 20

interface Deps {
  readonly looks: GroupLooks
  readonly limits: ShellLimits
}

export class ProcessGroup {
  readonly #id: number
  readonly #deps: Deps
  #wasEmpty = false
  #ending: Promise<boolean> | undefined

  constructor(id: number, deps: Deps) {
    this.#id = id
    this.#deps = deps
  }

  get isAlive(): boolean {
    return this.wasAlive(FRESH_MS)
  }

  /** As of a look that is at most so many milliseconds old. */
  wasAlive(withinMs: number): boolean {
    if (this.#wasEmpty) return false
    if (exists(this.#id)) {
      const found = this.#deps.looks.members(this.#id, withinMs)
      // The number exists but no process was found: it was born after the look, or one was born and another has died during it.
      if (found.length === 0 || found.some(({ dead }) => !dead)) return true
    }
    this.#wasEmpty = true
    return false
  }

  /** As of now: what is on record must have a process that was just born. */
  living(): readonly GroupMember[] {
    if (this.#wasEmpty || !exists(this.#id)) return []
    return this.#deps.looks.members(this.#id, 0).filter(({ dead }) => !dead)
  }

  /** TERM, then KILL. True once no process lives, false when some process does not end. Asked twice, it is one end. */
  end(): Promise<boolean> {
    return (this.#ending ??= this.#end())
  }

  async #end(): Promise<boolean> {
    const { killAfterMs, giveUpAfterMs } = this.#deps.limits
    const start = performance.now()
    if (this.isAlive) signal(this.#id, 'SIGTERM')
    while (this.isAlive) {
      const waited = performance.now() - start
      if (waited >= killAfterMs + giveUpAfterMs) return false
      if (waited >= killAfterMs) signal(this.#id, 'SIGKILL')
      await sleep(POLL_MS)
    }
    return true
  }
}

function exists(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function signal(group: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, name)
  } catch {
    // The group ended before the signal, or belongs to another user (`sudo`): the next poll tells.
  }
}
