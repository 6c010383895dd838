/** How many OpenCode servers may run at a time: as the flag says, else by the memory of the machine. */
import { totalmem } from 'node:os'
import { UsageError } from '../base/errors.ts'

/**
 * A server takes 400 MB, a long-used one up to 900 (both measured), and what its agent runs (compilers, tests) as much again: one for
 * every 2 GB of the machine leaves room for the people who work on it.
 */
const BYTES_PER_SERVER = 2 * 2 ** 30
const MOST_BY_DEFAULT = 8
const MOST = 64

export function readServers(flag: string | undefined): number | UsageError {
  // In a container its own limit counts.
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
