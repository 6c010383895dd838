/** One process among all: its pid together with its start time names it, so that a reused pid is never mistaken for it. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { sleep } from '../../base/sleep.ts'
import type { GroupMember } from '../../ports/host.ts'

const POLL_MS = 20

export interface ProcessIdentity {
  /** Linux: clock ticks since boot; elsewhere the start time as `ps` prints it. */
  readonly startTicks: string
  /** Its command line, pieces separated by one blank. */
  readonly command: string
}

/** The process with this pid; `undefined` for none, for a dead child that its parent has not collected, or when the system does not tell. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  } catch {
    return undefined
  }
}

/** One process among all that ever run. */
export type ProcessStamp = Pick<GroupMember, 'pid' | 'startTicks'>

export interface ProcessRow extends GroupMember {
  readonly parent: number
  readonly group: number
  /** Where the system does not tell (macOS): the group. */
  readonly session: number
}

/** All processes of the machine, the dead that nobody has collected too; none when the system does not tell. 2 ms for 150 processes. */
export function allProcesses(): readonly ProcessRow[] {
  try {
    return process.platform === 'linux' ? allFromProc() : allFromPs()
  } catch {
    return []
  }
}

/** The processes of each group, in one look. */
export const groups = (): ReadonlyMap<number, readonly GroupMember[]> => Map.groupBy(allProcesses(), ({ group }) => group)

/** Signals the process and its group, if the pid still names the same process. */
export function signalGroup(pid: number, startTicks: string, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (identify(pid)?.startTicks !== startTicks) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The process ended between the check and the signal.
  }
}

/** Kills the rest of the group of a process that has just ended: the system does not give its number again so soon. */
export function sweepGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing was left.
  }
}

/** True once the process is no more; false after `ms`. */
export async function gone(pid: number, startTicks: string, ms: number): Promise<boolean> {
  const never = new AbortController().signal
  for (const until = performance.now() + ms; performance.now() < until;) {
    if (identify(pid)?.startTicks !== startTicks) return true
    await sleep(POLL_MS, never)
  }
  return identify(pid)?.startTicks !== startTicks
}

/** The living children of a process. Linux: 0.1 ms, where a look at all processes takes 2 ms. */
export function childrenOf(pid: number): readonly ProcessStamp[] {
  if (process.platform !== 'linux') return allProcesses().filter(({ parent, dead }) => parent === pid && !dead)
  try {
    const lists = readdirSync(`/proc/${pid}/task`).map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1'))
    const pids = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
    return pids.flatMap((child) => {
      const startTicks = identify(child)?.startTicks
      return startTicks === undefined ? [] : [{ pid: child, startTicks }]
    })
  } catch {
    return []
  }
}

function fromProc(pid: number): ProcessIdentity | undefined {
  const { startTicks, dead } = statOf(pid)
  if (startTicks === undefined || dead) return undefined
  return { startTicks, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }
}

/** `pid (name) state ppid group session …`: the name may hold blanks and brackets; field 22 is the start time. */
function statOf(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [parent = 0, group = 0, session = 0] = fields.slice(1, 4).map(Number)
  return { startTicks: fields[19], parent, group, session, dead: fields[0] === 'Z' || fields[0] === 'X' }
}

function allFromProc(): readonly ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const { startTicks, ...rest } = statOf(Number(name))
      return startTicks === undefined ? [] : [{ pid: Number(name), startTicks, ...rest }]
    } catch {
      return []
    }
  })
}

/** Exported for the test: `ps` is on Linux, too. */
export function allFromPs(): readonly ProcessRow[] {
  const lines = ps('-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'pgid=', '-o', 'stat=', '-o', 'lstart=').split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, group, state, startTicks] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line) ?? []
    if (startTicks === undefined) return []
    const dead = state?.startsWith('Z') === true
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group), startTicks, dead }]
  })
}

function fromPs(pid: number): ProcessIdentity | undefined {
  const line = ps('-ww', '-o', 'stat=', '-o', 'lstart=', '-o', 'command=', '-p', String(pid))
  const [, state, startTicks, command] = /^(\S+)\s+(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})\s+(.*)/.exec(line.trim()) ?? []
  if (startTicks === undefined || state?.startsWith('Z')) return undefined
  return { startTicks, command: command ?? '' }
}

const ps = (...args: readonly string[]): string =>
  execFileSync('ps', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
