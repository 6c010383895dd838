/** Where things are and who we are: from flags and environment, checked before anything starts. */
import { createHash } from 'node:crypto'
import { homedir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { DEFAULT_VERBOSITY, VERBOSITIES, type Verbosity } from '../domain/prefs.ts'

export interface Config {
  readonly dataDir: string
  readonly database: string
  readonly lockPort: number
  readonly token: string | undefined
  readonly apiUrl: string
  readonly verbosity: Verbosity
  /** Most OpenCode servers at a time; 1 is one for all projects. */
  readonly opencodeServers: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface Flags {
  readonly dataDir?: string | undefined
  readonly verbosity?: string | undefined
  readonly opencodeServers?: string | undefined
}

const DEFAULT_DATA_DIR = join(homedir(), '.kimaki')
/**
 * A server takes 400 MB, a long-used one up to 900 (both measured), and what its agent runs (compilers, tests) as much again: one for
 * every 2 GB of the machine leaves room for the people who work on it.
 */
const BYTES_PER_SERVER = 2 * 2 ** 30
const MOST_SERVERS_BY_DEFAULT = 8
const MOST_SERVERS = 64
const DEFAULT_LOCK_PORT = 29_988

export function readConfig(flags: Flags, environment: Config['environment']): Config | UsageError {
  const dataDir = resolve(flags.dataDir ?? environment['KIMAKI_DATA_DIR'] ?? DEFAULT_DATA_DIR)
  const verbosity = VERBOSITIES.find((level) => level === (flags.verbosity ?? DEFAULT_VERBOSITY))
  if (!verbosity)
    return new UsageError({ reason: `--verbosity must be one of ${VERBOSITIES.join(', ')}; it is "${flags.verbosity}".` })
  const opencodeServers = readServers(flags.opencodeServers)
  if (opencodeServers instanceof UsageError) return opencodeServers
  const lockPort = readLockPort(dataDir, environment['KIMAKI_LOCK_PORT'])
  if (lockPort instanceof UsageError) return lockPort
  const apiUrl = readApiUrl(environment['KIMAKI_DISCORD_API_URL'])
  if (apiUrl instanceof UsageError) return apiUrl
  const token = environment['KIMAKI_BOT_TOKEN']?.trim() || undefined
  const database = join(dataDir, 'discord-sessions.db')
  return { dataDir, database, lockPort, token, apiUrl, verbosity, opencodeServers, environment }
}

function readServers(flag: string | undefined): number | UsageError {
  // In a container its own limit counts.
  if (flag === undefined) return defaultServers(Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY))
  const servers = Number(flag)
  if (/^\d+$/.test(flag) && servers >= 1 && servers <= MOST_SERVERS) return servers
  return new UsageError({
    reason: `--opencode-servers must be a number from 1 (one for all projects) to ${MOST_SERVERS}; it is "${flag}".`,
  })
}

export function defaultServers(bytes: number): number {
  return Math.max(1, Math.min(MOST_SERVERS_BY_DEFAULT, Math.floor(bytes / BYTES_PER_SERVER)))
}

/** One bot a data folder: the port is the lock. 0 or absent means derived from the folder. */
function readLockPort(dataDir: string, override: string | undefined): number | UsageError {
  const wanted = Number(override ?? 0)
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535)
    return new UsageError({ reason: `KIMAKI_LOCK_PORT must be a port number; it is "${override}".` })
  if (wanted > 0) return wanted
  if (dataDir === DEFAULT_DATA_DIR) return DEFAULT_LOCK_PORT
  return 30_000 + (createHash('sha256').update(dataDir).digest().readUInt32BE(0) % 10_000)
}

function readApiUrl(override: string | undefined): string | UsageError {
  if (override === undefined || override === '') return 'https://discord.com/api'
  if (!URL.canParse(override) || !/^https?:\/\/.+\/api$/.test(override)) {
    return new UsageError({ reason: `KIMAKI_DISCORD_API_URL must be an http(s) address that ends in /api; it is "${override}".` })
  }
  return override
}
