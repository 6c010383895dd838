/** Where things are and who we are: from flags and environment, checked before anything starts. */
import { createHash } from 'node:crypto'
import { homedir, userInfo } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { DEFAULT_SETTINGS, type Settings } from '../domain/settings.ts'
import { FILE_LIMITS, type FileLimits } from '../host/file-limits.ts'
import { DEFAULT_SILENCE } from '../opencode/process/silence.ts'
import { DEFAULT_VERBOSITY, VERBOSITIES, type Verbosity } from '../domain/prefs.ts'
import { CAPS } from '../view/text/caps.ts'
import { AGENT_VARIABLE, isAgent } from './saved/agent-of.ts'
import { readAccess, type Access } from './credentials.ts'
import { readServers } from './opencode-servers.ts'

export interface Config extends Access {
  readonly dataDir: string
  readonly database: string
  /** An agent calls, in the shell that the bot of this data folder gave it. */
  readonly isAgent: boolean
  /** Where new projects are made. */
  readonly projectsDir: string
  readonly lockPort: number
  readonly verbosity: Verbosity
  /** Most OpenCode servers at a time; 1 is one for all projects. */
  readonly opencodeServers: number
  /** How long a start waits for the kimaki that holds the data folder before it kills that one. */
  readonly takeOverMs: number
  readonly settings: Settings
  /** How many attachments are kept, and how long. */
  readonly files: FileLimits
  /** When an OpenCode server that answers nothing is told of, and ended. */
  readonly opencodeSilence: { readonly silentMs: number; readonly deadMs: number }
  /** How often what terminals do is looked at, at most. */
  readonly syncEveryMs: number
  /** How long a start waits until a person has let this machine into a server. */
  readonly onboardingMs: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface Flags {
  readonly dataDir?: string | undefined
  readonly projectsDir?: string | undefined
  readonly verbosity?: string | undefined
  readonly opencodeServers?: string | undefined
  readonly permissionTimeoutMinutes?: string | undefined
  readonly guestApproval?: boolean | undefined
  readonly mentionMode?: boolean | undefined
  readonly useWorktrees?: boolean | undefined
  readonly allowAllUsers?: boolean | undefined
  readonly disableSync?: boolean | undefined
  /** False: `--no-critique`. */
  readonly critique?: boolean | undefined
}

/** An empty HOME would make it a folder of the current one. */
const HOME = isAbsolute(homedir()) ? homedir() : userInfo().homedir
const DEFAULT_DATA_DIR = join(HOME, '.kimaki')
const DEFAULT_LOCK_PORT = 29_988
const DEFAULT_TAKE_OVER_MS = 10_000
const DEFAULT_SYNC_MS = 5000
const DEFAULT_ONBOARDING_MS = 300_000
const SHORTEST_MS = 100
/** A day; Node's timers hold 24 of them. */
const LONGEST_MS = 86_400_000
const HIGHEST_CAP = 10_000

export function readConfig(flags: Flags, environment: Config['environment']): Config | UsageError {
  const dataDir = resolve(
    given(flags.dataDir) ?? given(environment['KIMAKI_DATA_DIR']) ?? given(environment[AGENT_VARIABLE]) ?? DEFAULT_DATA_DIR,
  )
  const verbosity = VERBOSITIES.find((level) => level === (given(flags.verbosity) ?? DEFAULT_VERBOSITY))
  if (!verbosity)
    return new UsageError({ reason: `--verbosity must be one of ${VERBOSITIES.join(', ')}; it is "${flags.verbosity}".` })
  const opencodeServers = readServers(given(flags.opencodeServers))
  if (opencodeServers instanceof UsageError) return opencodeServers
  const lockPort = readLockPort(dataDir, given(environment['KIMAKI_LOCK_PORT']))
  if (lockPort instanceof UsageError) return lockPort
  const takeOverMs = readDuration(environment, 'KIMAKI_TAKE_OVER_MS', DEFAULT_TAKE_OVER_MS)
  if (takeOverMs instanceof UsageError) return takeOverMs
  const settings = readSettings(environment, flags)
  if (settings instanceof UsageError) return settings
  const opencodeSilence = readSilence(environment)
  if (opencodeSilence instanceof UsageError) return opencodeSilence
  const syncEveryMs = readDuration(environment, 'KIMAKI_SYNC_EVERY_MS', DEFAULT_SYNC_MS)
  if (syncEveryMs instanceof UsageError) return syncEveryMs
  const onboardingMs = readDuration(environment, 'KIMAKI_GATEWAY_ONBOARDING_MS', DEFAULT_ONBOARDING_MS)
  if (onboardingMs instanceof UsageError) return onboardingMs
  const files = readFileLimits(environment)
  if (files instanceof UsageError) return files
  const access = readAccess(dataDir, environment)
  if (access instanceof UsageError) return access
  return {
    dataDir,
    isAgent: isAgent(environment, dataDir),
    database: join(dataDir, 'discord-sessions.db'),
    projectsDir: resolve(given(flags.projectsDir) ?? join(dataDir, 'projects')),
    lockPort,
    ...access,
    verbosity,
    opencodeServers,
    takeOverMs,
    settings,
    files,
    opencodeSilence,
    syncEveryMs,
    onboardingMs,
    environment,
  }
}

/** An empty text, as a script writes for a variable without a value, is none: for a folder, never the current one. */
const given = (value: string | undefined): string | undefined => (value?.trim() === '' ? undefined : value)

/** One bot a data folder: the port is the lock. 0 or absent means derived from the folder. */
function readLockPort(dataDir: string, override: string | undefined): number | UsageError {
  const wanted = Number(override ?? 0)
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535)
    return new UsageError({ reason: `KIMAKI_LOCK_PORT must be a port number; it is "${override}".` })
  if (wanted > 0) return wanted
  if (dataDir === DEFAULT_DATA_DIR) return DEFAULT_LOCK_PORT
  return 30_000 + (createHash('sha256').update(dataDir).digest().readUInt32BE(0) % 10_000)
}

function readSettings(environment: Config['environment'], flags: Flags): Settings | UsageError {
  const modelStallMs = readDuration(environment, 'KIMAKI_MODEL_SILENCE_MS', DEFAULT_SETTINGS.modelStallMs)
  if (modelStallMs instanceof UsageError) return modelStallMs
  const interruptAfterMs = readDuration(environment, 'KIMAKI_INTERRUPT_STEP_TIMEOUT_MS', DEFAULT_SETTINGS.interruptAfterMs)
  if (interruptAfterMs instanceof UsageError) return interruptAfterMs
  const shellTimeoutMs = readDuration(environment, 'KIMAKI_SHELL_TIMEOUT_MS', DEFAULT_SETTINGS.shellTimeoutMs)
  if (shellTimeoutMs instanceof UsageError) return shellTimeoutMs
  const stopButtonAfterMs = readDuration(environment, 'KIMAKI_STOP_BUTTON_AFTER_MS', DEFAULT_SETTINGS.stopButtonAfterMs)
  if (stopButtonAfterMs instanceof UsageError) return stopButtonAfterMs
  const turnLimitMin = readCount(environment, 'KIMAKI_TURN_LIMIT_MIN', undefined)
  if (turnLimitMin instanceof UsageError) return turnLimitMin
  const caps = readCaps(environment)
  if (caps instanceof UsageError) return caps
  const permissionTimeoutMs = readPermissionTimeout(environment, flags)
  if (permissionTimeoutMs instanceof UsageError) return permissionTimeoutMs
  const guestApproval = flags.guestApproval ?? readSwitch(environment, 'KIMAKI_GUEST_APPROVAL')
  if (guestApproval instanceof UsageError) return guestApproval
  const disableSync = flags.disableSync ?? readSwitch(environment, 'KIMAKI_DISABLE_SYNC')
  if (disableSync instanceof UsageError) return disableSync
  const limits = { turnLimitMin, shellTimeoutMs, permissionTimeoutMs }
  const wide = {
    guestApproval,
    isOpen: flags.allowAllUsers ?? false,
    mentionMode: flags.mentionMode ?? false,
    usesWorktrees: flags.useWorktrees ?? false,
    mirrorsTerminals: !disableSync,
    tellsOfDiffs: flags.critique ?? true,
  }
  return { modelStallMs, interruptAfterMs, stopButtonAfterMs, ...limits, ...wide, ...caps }
}

function readSwitch(environment: Config['environment'], name: string): boolean | UsageError {
  const override = given(environment[name]) ?? '0'
  if (override === '0' || override === '1') return override === '1'
  return new UsageError({ reason: `${name} must be 1 (on) or 0 (off); it is "${override}".` })
}

/** Most minutes that a timer of Node could hold: as good a bound as any, 24 days. */
const MOST_MINUTES = 35_791

/** Neither given: undefined, so that a permission waits until somebody answers. */
function readPermissionTimeout(
  environment: Config['environment'],
  { permissionTimeoutMinutes }: Flags,
): number | undefined | UsageError {
  const flag = given(permissionTimeoutMinutes)
  const text = flag ?? given(environment['KIMAKI_PERMISSION_TIMEOUT_MIN'])
  if (text === undefined) return undefined
  const minutes = Number(text)
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES) return minutes * 60_000
  const name = flag === undefined ? 'KIMAKI_PERMISSION_TIMEOUT_MIN' : '--permission-timeout-minutes'
  return new UsageError({ reason: `${name} must be a whole number of minutes between 1 and ${MOST_MINUTES}; it is "${text}".` })
}

type Caps = Pick<Settings, 'shellCommands' | 'threadsPerMinute' | 'queueLength' | 'agentsAtOnce'>

function readCaps(environment: Config['environment']): Caps | UsageError {
  const shellCommands = readCount(environment, CAPS.shellCommands, DEFAULT_SETTINGS.shellCommands)
  if (shellCommands instanceof UsageError) return shellCommands
  const threadsPerMinute = readCount(environment, CAPS.threadsPerMinute, DEFAULT_SETTINGS.threadsPerMinute)
  if (threadsPerMinute instanceof UsageError) return threadsPerMinute
  const queueLength = readCount(environment, CAPS.queueLength, DEFAULT_SETTINGS.queueLength)
  if (queueLength instanceof UsageError) return queueLength
  const agentsAtOnce = readCount(environment, CAPS.agentsAtOnce, DEFAULT_SETTINGS.agentsAtOnce)
  if (agentsAtOnce instanceof UsageError) return agentsAtOnce
  return { shellCommands, threadsPerMinute, queueLength, agentsAtOnce }
}

function readCount<Normal extends number | undefined>(
  environment: Config['environment'],
  name: string,
  normal: Normal,
): number | Normal | UsageError {
  const override = given(environment[name])
  if (override === undefined) return normal
  const count = Number(override)
  if (Number.isInteger(count) && count >= 1 && count <= HIGHEST_CAP) return count
  return new UsageError({ reason: `${name} must be a whole number between 1 and ${HIGHEST_CAP}; it is "${override}".` })
}

function readSilence(environment: Config['environment']): Config['opencodeSilence'] | UsageError {
  const silentMs = readDuration(environment, 'KIMAKI_OPENCODE_SILENT_MS', DEFAULT_SILENCE.silentMs)
  if (silentMs instanceof UsageError) return silentMs
  const deadMs = readDuration(environment, 'KIMAKI_OPENCODE_DEAD_MS', Math.max(DEFAULT_SILENCE.deadMs, 2 * silentMs))
  if (deadMs instanceof UsageError) return deadMs
  if (deadMs > silentMs) return { silentMs, deadMs }
  return new UsageError({
    reason: `KIMAKI_OPENCODE_DEAD_MS (${deadMs}) must be more than KIMAKI_OPENCODE_SILENT_MS (${silentMs}).`,
  })
}

const MEGABYTE = 1024 * 1024
const DAY_MS = 86_400_000

function readFileLimits(environment: Config['environment']): FileLimits | UsageError {
  const megabytes = readWhole(environment, 'KIMAKI_ATTACHMENTS_MB', FILE_LIMITS.bytes / MEGABYTE, 1_000_000)
  if (megabytes instanceof UsageError) return megabytes
  const days = readWhole(environment, 'KIMAKI_ATTACHMENTS_DAYS', FILE_LIMITS.ageMs / DAY_MS, 3650)
  return days instanceof UsageError ? days : { bytes: megabytes * MEGABYTE, ageMs: days * DAY_MS }
}

function readWhole(environment: Config['environment'], name: string, normal: number, most: number): number | UsageError {
  const override = environment[name]
  if (override === undefined || override === '') return normal
  const value = Number(override)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  return new UsageError({ reason: `${name} must be a whole number between 1 and ${most}; it is "${override}".` })
}

function readDuration(environment: Config['environment'], name: string, normal: number): number | UsageError {
  const override = given(environment[name])
  if (override === undefined) return normal
  const ms = Number(override)
  if (Number.isInteger(ms) && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms
  return new UsageError({ reason: `${name} must be milliseconds between ${SHORTEST_MS} and ${LONGEST_MS}; it is "${override}".` })
}
