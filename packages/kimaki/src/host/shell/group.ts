/**
 * Signals a process group and waits for its end.
 *
 * G1. The number of a group belongs to it as long as one process of it lives. Once the group was seen empty it is never signalled again,
 *     since the system may give the number to somebody else.
 * G2. A dead process that its parent has not collected keeps the number, and counts as dead.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { GroupMember, Processes } from '../../ports/host.ts'
import type { ShellLimits } from './limits.ts'

const POLL_MS = 25

interface Deps {
  readonly processes: Processes
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
    if (this.#wasEmpty) return false
    if (exists(this.#id)) {
      const found = this.#deps.processes.members(this.#id)
      // The number exists but no process was found: one was born and another has died while they were read.
      if (found.length === 0 || found.some(({ dead }) => !dead)) return true
    }
    this.#wasEmpty = true
    return false
  }

  living(): readonly GroupMember[] {
    if (this.#wasEmpty || !exists(this.#id)) return []
    return this.#deps.processes.members(this.#id).filter(({ dead }) => !dead)
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
