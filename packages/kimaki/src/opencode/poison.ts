/**
 * A project whose configuration is broken at first touch stays broken in that server, mended or not; only another server
 * reads it again. So the failure is kept, with fingerprints of the files. Other servers are not concerned; where projects share
 * one, it is replaced only while nothing of theirs runs:
 *
 *     well ──config failure──▶ poisoned
 *     poisoned ──call, files as they were──▶ poisoned: the same failure at once, the server is not asked
 *     poisoned ──call, files changed──▶ another server once nothing runs (30 s at most, then "it waits") ──▶ well
 *
 * Fingerprints are taken before the first touch: taken after, a mending in between would go unnoticed for ever. A server of
 * an earlier bot may have been poisoned long ago: its failure is not believed but asked again of a fresh one.
 */
import type { AgentFailureReason, AgentResult } from '../ports/agent.ts'
import { configFiles, fingerprints, haveChanged } from './config-files.ts'
import type { ConfigFiles } from './config-files.ts'
import type { Link } from './link.ts'
import { failed } from './result.ts'
import { runningSessions } from './running.ts'
import type { Supervisor } from './supervisor.ts'
import { pause } from './wait.ts'

const QUIET_MS = 30_000
const LOOK_MS = 250

type ConfigFailure = Extract<AgentFailureReason, { kind: 'config' }>

interface Poisoned {
  readonly failure: ConfigFailure
  /** `undefined`: not known, so taken as changed. */
  readonly files: ConfigFiles | undefined
  readonly link: Link | undefined
}

export interface Poison {
  /** Does the work, unless the project's configuration is known to be broken. */
  guard<T>(directory: string, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>>
}

export function createPoison(supervisor: Supervisor<Link>, stopped: AbortSignal, quietMs = QUIET_MS): Poison {
  const poisoned = new Map<string, Poisoned>()
  const proven = new WeakMap<Link, Set<string>>()
  let working = 0
  let replacing: Promise<boolean> | undefined

  async function guard<T>(directory: string, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>> {
    const standing = await stillBroken(directory)
    if (standing) return failed(standing)
    const touched = isProven(directory)
    const files = touched ? undefined : await configFiles(directory)
    working += 1
    const result = await work().finally(() => (working -= 1))
    const link = supervisor.current()
    if (result.ok && link) prove(link, directory)
    if (result.ok || result.failure.kind !== 'config') return result

    const { failure } = result
    const believed = files && !link?.server.adopted ? await withNamed(files, failure.file) : undefined
    poisoned.set(directory, { failure, files: believed, link })
    return link?.server.adopted ? guard(directory, work) : result
  }

  async function stillBroken(directory: string): Promise<ConfigFailure | undefined> {
    const known = poisoned.get(directory)
    if (!known) return undefined
    if (known.files && !(await haveChanged(known.files))) return known.failure
    const healthy = known.link !== supervisor.current() || (await replaceServer())
    if (!healthy) return known.files ? waits(known.failure) : known.failure
    poisoned.delete(directory)
    return undefined
  }

  function replaceServer(): Promise<boolean> {
    replacing ??= whenQuiet().finally(() => (replacing = undefined))
    return replacing
  }

  async function whenQuiet(): Promise<boolean> {
    for (const until = performance.now() + quietMs; performance.now() < until && !stopped.aborted;) {
      const link = supervisor.current()
      if (!link) return true
      if (working === 0 && (await runningSessions(link.http, link.directories)) === 0) {
        await supervisor.restart('OpenCode was restarted to read a changed configuration')
        return true
      }
      await pause(LOOK_MS, stopped)
    }
    return false
  }

  function prove(link: Link, directory: string): void {
    proven.set(link, (proven.get(link) ?? new Set()).add(directory))
  }

  function isProven(directory: string): boolean {
    const link = supervisor.current()
    return link !== undefined && proven.get(link)?.has(directory) === true
  }

  return { guard }
}

const waits = (failure: ConfigFailure): ConfigFailure => ({
  ...failure,
  reason: `${failure.reason} (it has changed since, and is read again when no session is running)`,
})

/** The file OpenCode names may lie elsewhere, e.g. in the user's own configuration. */
async function withNamed(files: ConfigFiles, named: string): Promise<ConfigFiles> {
  return files.has(named) ? files : new Map([...files, ...(await fingerprints([named]))])
}
