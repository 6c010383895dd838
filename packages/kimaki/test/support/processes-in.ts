/**
 * Every process that belongs to a folder: works in it or below it, or has it in its environment. Bots and the children of their wrappers,
 * servers, tools, commands of people. Linux only, else none are found.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { signalTo } from './pids.ts'

/** Ends them, as `kill -9` does. */
export function endProcessesIn(folder: string): void {
  for (const pid of processesIn(folder)) {
    try {
      signalTo(pid, 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
  }
}

function processesIn(folder: string): readonly number[] {
  if (!existsSync('/proc/self/cwd')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && (worksIn(pid, folder) || knows(pid, folder)))
}

/** False for a process that has ended meanwhile or is not ours. */
function worksIn(pid: number, folder: string): boolean {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`)
  } catch {
    return false
  }
}

function knows(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`=${folder}/`)
  } catch {
    return false
  }
}
