/**
 * Processes of this run, known by their environment: each of them inherited the path of this run's own temporary folder
 * (`HOME=<dir>/…`), which no other process carries. Linux only; elsewhere nothing is found, and the bot's own orderly end must do.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

export function leftovers(dir: string): readonly number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && carries(pid, `${dir}/`))
}

/** Ends what is left at once; resolves when none of it is there any more. */
export async function endLeftovers(dir: string): Promise<void> {
  const until = performance.now() + GONE_MS
  for (let left = leftovers(dir); left.length > 0; left = leftovers(dir)) {
    if (performance.now() > until) throw new Error(`These processes do not end: ${left.join(', ')}`)
    for (const pid of left) kill(pid)
    await pause(LOOK_MS)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

/** A dead child that waits for its parent has no environment any more. */
function carries(pid: number, path: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`=${path}`)
  } catch {
    return false
  }
}

const LOOK_MS = 20
const GONE_MS = 5_000
