/** What a process and its children have used, from `/proc` (Linux): the kernel's own numbers, in its ticks of 10 ms. */
import { readdirSync, readFileSync } from 'node:fs'

const TICK_MS = 10

interface Process {
  readonly pid: number
  readonly parent: number
  /** Its own user and system time, and that of its children which have ended, ms. */
  readonly cpuMs: number
}

/** OpenCode's servers are not the bot; the gate that becomes one has a server's arguments already. */
const isOpenCode = (command: string): boolean => / serve --hostname /.test(command)

/** CPU time of the bot: of the tree below `root` without OpenCode, ms. */
export const cpuMsOfTree = (root: number): number => sumOfTree(root, ({ cpuMs }) => cpuMs)

/** Resident memory of the bot: of the tree below `root` without OpenCode, MB. */
export const rssMbOfTree = (root: number): number => sumOfTree(root, ({ pid }) => rssMb(pid))

function sumOfTree(root: number, of: (process: Process) => number): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []))
  const sum = (process: Process): number =>
    isOpenCode(commandOf(process.pid))
      ? 0
      : all.filter(({ parent }) => parent === process.pid).reduce((total, child) => total + sum(child), of(process))
  const top = all.find(({ pid }) => pid === root)
  return top ? sum(top) : Number.NaN
}

export function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
}

/** `pid (name) state ppid …`: the name may hold blanks and brackets; fields 14 to 17 are utime, stime, cutime and cstime. */
function readProcess(pid: number): Process | undefined {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 16) return undefined
  const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0)
  return { pid, parent: Number(fields[1]), cpuMs: ticks * TICK_MS }
}

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')

/** Empty where the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
