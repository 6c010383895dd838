/** Every process whose environment names a folder: the bot's, OpenCode's and whatever they started. Linux only, else none are found. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Their command lines. */
export function processesAbout(folder: string): readonly string[] {
  if (!existsSync('/proc/self/environ')) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids
    .filter((pid) => read(`/proc/${pid}/environ`).includes(folder))
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
}

/** Empty for a process that has ended meanwhile or is not ours. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
