/**
 * Ends what the tools of a dead server left running, unless the agent put it in the background. OpenCode handles no signal, and each tool
 * call has a session of its own, so the end of the server ends none of them: the thread would say "cut off" while the tool runs on.
 *
 * Each process that a server starts inherits a mark (`serverMark`). Of the marked processes, those of a call that was open are ended:
 *
 * L1 The session of the server itself (its language and MCP servers).
 * L2 A session whose leader was seen as a child of the server: the shell of a call lives as long as the call.
 * L3 A session with an orphan that still holds the output of its call (a socket, by which OpenCode reads it): OpenCode waits for the end
 *    of the output. This also tells the calls that nobody saw, when bot and server died together.
 * L4 Whatever descends from these.
 *
 * Everything else was left by a call that had ended, with its output closed or elsewhere (`nohup server > log &`): the agent meant it to
 * go on. A number of a session is nobody else's as long as one of its processes lives.
 */
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { sleep } from '../../base/sleep.ts'
import type { ServerRecord } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import { allProcesses } from './process.ts'
import type { ProcessRow, ProcessStamp } from './process.ts'

const NEVER = new AbortController().signal
const POLL_MS = 50
const KILL_AFTER_MS = 1_000
const GIVE_UP_AFTER_MS = 2_000

/** `OPENCODE_SERVER_…`: a Kimaki that the agent starts passes none of these on to its own servers. */
export const MARK = 'OPENCODE_SERVER_MARK'

/** Names a server to the end of all it started, for whoever has its record; says nothing about the password. */
export const serverMark = ({ password }: Pick<ServerRecord, 'password'>): string =>
  createHash('sha256').update(`mark ${password}`).digest('hex').slice(0, 24)

export interface DeadServer {
  readonly record: ServerRecord
  /** The children it was seen with last. */
  readonly children?: ReadonlySet<string> | undefined
}

export const processKey = ({ pid, startTicks }: ProcessStamp): string => `${pid} ${startTicks}`

/** Resolves when nothing of theirs runs, or does not end. The first signals are sent before it returns. */
export async function endLeftRunning(servers: readonly DeadServer[], log: Log): Promise<void> {
  if (servers.length === 0) return
  const open = openSessions(servers)
  const began = performance.now()
  let left = livingIn(open)
  if (left.length === 0) return
  log.warn('what the tools of a dead OpenCode server left running is ended', {
    servers: servers.map(({ record }) => record.pid),
    processes: left.map(({ pid }) => pid),
  })
  for (signalAll(left, 'SIGTERM'); left.length > 0; left = livingIn(open)) {
    const waited = performance.now() - began
    if (waited >= GIVE_UP_AFTER_MS)
      return log.error('a tool of a dead OpenCode server does not end', { processes: left.map(({ pid }) => pid) })
    if (waited >= KILL_AFTER_MS) signalAll(left, 'SIGKILL')
    await sleep(POLL_MS, NEVER)
  }
}

/** What is asked about a process beside its row. */
export interface Evidence {
  isMarked(row: ProcessRow): boolean
  /** Its output, or that of its errors, is a socket. */
  holdsOutput(row: ProcessRow): boolean
}

/** L1 to L4, pure: the sessions that end. */
export function sessionsOfOpenCalls(
  rows: readonly ProcessRow[],
  { record, children }: DeadServer,
  { isMarked, holdsOutput }: Evidence,
): ReadonlySet<number> {
  // A shell that has ended stays in the table until someone reaps it: its call is over all the same.
  const seen = (row: ProcessRow): boolean => !row.dead && row.pid === row.session && children?.has(processKey(row)) === true
  const known = new Set(rows.filter(seen).map(({ session }) => session))
  // A child may have taken the mark out of its environment, but not itself out of the session.
  const marked = rows.filter((row) => isMarked(row) || known.has(row.session))
  const pids = new Set(marked.map(({ pid }) => pid))
  const isOrphan = ({ parent }: ProcessRow): boolean => !pids.has(parent)
  const open = new Set(known)
  for (const row of marked) if (row.session === record.pid || (isOrphan(row) && holdsOutput(row))) open.add(row.session)
  const openPids = new Set(rows.filter(({ session }) => open.has(session)).map(({ pid }) => pid))
  for (let grown = -1; grown !== openPids.size;) {
    grown = openPids.size
    for (const { pid, parent, session } of rows) {
      if (!openPids.has(parent)) continue
      openPids.add(pid)
      open.add(session)
    }
  }
  return open
}

/** One look at the machine for all servers. */
function openSessions(servers: readonly DeadServer[]): Set<number> {
  const rows = allProcesses()
  const marks = new Map(rows.map(({ pid }) => [pid, markOf(pid)]))
  const holdsOutput = ({ pid }: ProcessRow): boolean => writesToSocket(pid)
  const open = servers.flatMap((server) => {
    const mark = serverMark(server.record)
    return [...sessionsOfOpenCalls(rows, server, { isMarked: ({ pid }) => marks.get(pid) === mark, holdsOutput })]
  })
  const ours = rows.find(({ pid }) => pid === process.pid)?.session
  // 0 and 1 are no session of a tool's, and we may run inside one ourselves.
  return new Set(open.filter((session) => session > 1 && session !== ours))
}

/** Systems without `/proc` tell no environment: there only what was seen (L2) is ended. */
function markOf(pid: number): string | undefined {
  try {
    const variable = readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .find((one) => one.startsWith(`${MARK}=`))
    return variable?.slice(MARK.length + 1)
  } catch {
    return undefined
  }
}

function writesToSocket(pid: number): boolean {
  return [1, 2].some((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:')
    } catch {
      return false
    }
  })
}

/** Sessions that are empty are taken out: their numbers may be given again. */
function livingIn(sessions: Set<number>): readonly ProcessRow[] {
  if (sessions.size === 0) return []
  const left = allProcesses().filter(({ session, dead }) => sessions.has(session) && !dead)
  const alive = new Set(left.map(({ session }) => session))
  for (const session of sessions) if (!alive.has(session)) sessions.delete(session)
  return left
}

function signalAll(rows: readonly ProcessRow[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid } of rows) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has just ended, or belongs to another user (`sudo`).
    }
  }
}
