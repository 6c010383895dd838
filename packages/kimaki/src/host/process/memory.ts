/** How much memory a process of ours has, in bytes. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Undefined: it is gone, or the system does not tell. */
export async function memoryOf(pid: number, platform = process.platform): Promise<number | undefined> {
  if (platform === 'win32') return undefined
  const kilobytes = platform === 'linux' ? fromProc(pid) : await fromPs(pid)
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

function fromProc(pid: number): string | undefined {
  try {
    return /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  } catch {
    return undefined
  }
}

const fromPs = async (pid: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 2000 }, (_error, out) => resolve(/\d+/.exec(out)?.[0]))
  })
