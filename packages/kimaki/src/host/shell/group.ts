/**
 * A process group, to its end. Its number stays ours as long as one process of it lives; once it was seen empty it is never
 * signalled again, since the number may be given to somebody else.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Processes } from '../../ports/host.ts'
import type { ShellLimits } from './limits.ts'
import type { Stamp } from './record.ts'

const LOOK_MS = 25

export interface Group {
  lives(): boolean
  living(): readonly Stamp[]
  /** TERM, then KILL; true once no process of it lives, false when that cannot be had. Asked twice, it is one end. */
  end(): Promise<boolean>
}

export function createGroup(
  id: number,
  { processes, limits }: { readonly processes: Processes; readonly limits: ShellLimits },
): Group {
  let over = false
  let ending: Promise<boolean> | undefined

  function living(): readonly Stamp[] {
    if (over || !exists(id)) return []
    return processes.members(id).filter(({ dead }) => !dead)
  }

  function lives(): boolean {
    if (over) return false
    if (exists(id)) {
      // Dead that nobody collects keep a group there. None at all: one was born and one has died while they were read.
      const found = processes.members(id)
      if (found.length === 0 || found.some(({ dead }) => !dead)) return true
    }
    over = true
    return false
  }

  async function end(): Promise<boolean> {
    const begin = performance.now()
    if (lives()) signal(id, 'SIGTERM')
    while (lives()) {
      const waited = performance.now() - begin
      if (waited >= limits.killAfterMs + limits.giveUpAfterMs) return false
      if (waited >= limits.killAfterMs) signal(id, 'SIGKILL')
      await sleep(LOOK_MS)
    }
    return true
  }

  return { lives, living, end: () => (ending ??= end()) }
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
    // Gone meanwhile, or not ours to signal (`sudo`): the next look tells.
  }
}
