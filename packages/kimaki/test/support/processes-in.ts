/** Every process that works in a folder or below it: servers, their tools, commands of people. Linux only, else none are found. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs'

function processesIn(folder: string): readonly number[] {
  if (!existsSync('/proc/self/cwd')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isInside(`/proc/${pid}/cwd`, folder))
}

/** False for a process that has ended meanwhile or is not ours. */
function isInside(link: string, folder: string): boolean {
  try {
    return `${readlinkSync(link)}/`.startsWith(`${folder}/`)
  } catch {
    return false
  }
}

/** Ends them, as `kill -9` does. */
export function endProcessesIn(folder: string): void {
  for (const pid of processesIn(folder)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
  }
}
