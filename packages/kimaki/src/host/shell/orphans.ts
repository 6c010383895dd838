/**
 * Ends what a bot that was killed has left running. A group is touched only while a process on record, known by pid and start
 * time, is in it; a shell that ended between the two bots and left only others proves nothing, so those go on.
 */
import type { Log, Processes } from '../../ports/host.ts'
import { createGroup } from './group.ts'
import type { ShellLimits } from './limits.ts'
import type { RunningGroup, RunningRecord } from './record.ts'

interface Parts {
  readonly log: Log
  readonly processes: Processes
  readonly limits: ShellLimits
  readonly record: RunningRecord
}

export async function endLeftovers(parts: Parts): Promise<void> {
  await Promise.all(parts.record.all().map((left) => endLeftover(left, parts)))
}

async function endLeftover({ group, members }: RunningGroup, parts: Parts): Promise<void> {
  const { log, processes, record } = parts
  const there = processes.members(group).filter(({ dead }) => !dead)
  const known = there.some(({ pid, startTicks }) => members.some((one) => one.pid === pid && one.startTicks === startTicks))
  if (known) {
    log.warn('a command of a bot that died still runs and is ended', { group })
    if (!(await createGroup(group, parts).end())) return log.error('a command does not end', { group })
  }
  record.remove(group)
}
