/** How many OpenCode servers may run at a time: as many as the flag says, else as the memory of the machine allows. */
import { totalmem } from 'node:os'
import { UsageError } from '../base/errors.ts'

/**
 * A server takes 400 MB, after long use up to 900 (both measured), and the programs its agent runs (compilers, tests) as much again. One
 * server for every 2 GB of memory leaves room for the people who work on the machine.
 */
const BYTES_PER_SERVER = 2 * 2 ** 30
const MOST_BY_DEFAULT = 8
const MOST = 64

export function readServers(flag: string | undefined): number | UsageError {
  // The memory limit of a container, where there is one, counts instead of the machine's memory.
  if (flag === undefined) return defaultServers(Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY))
  const servers = Number(flag)
  if (/^\d+$/.test(flag) && servers >= 1 && servers <= MOST) return servers
  return new UsageError({
    reason: `--opencode-servers must be a number from 1 (one for all projects) to ${MOST}; it is "${flag}".`,
  })
}

export function defaultServers(bytes: number): number {
  return Math.max(1, Math.min(MOST_BY_DEFAULT, Math.floor(bytes / BYTES_PER_SERVER)))
}
