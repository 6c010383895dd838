/**
 * Ends the commands that a killed bot has left running. A process group is signalled only while it holds a process that is on record by
 * pid and start time. A group whose recorded processes have all exited between the two bots goes on: its number may belong to others now.
 */
import { ProcessGroup } from './group.ts'
import type { ShellDeps } from './deps.ts'
import type { RunningGroup } from './record.ts'

/** The groups on record are looked at together. */
const SHARED_MS = 100

type Deps = Pick<ShellDeps, 'log' | 'looks' | 'limits' | 'record'>

/** Resolves when every group on record is gone, or does not end. */
export async function endOrphans(deps: Deps): Promise<void> {
  await Promise.all(deps.record.all().map((orphan) => endOrphan(orphan, deps)))
}

async function endOrphan({ group, members }: RunningGroup, deps: Deps): Promise<void> {
  const { log, looks, record } = deps
  const living = looks.members(group, SHARED_MS).filter(({ dead }) => !dead)
  const isOnRecord = living.some(({ pid, startTicks }) =>
    members.some((member) => member.pid === pid && member.startTicks === startTicks),
  )
  if (isOnRecord) {
    log.warn('a command of a bot that died still runs and is ended', { group })
    if (!(await new ProcessGroup(group, deps).end())) return log.error('a command does not end', { group })
  }
  record.remove(group)
}
