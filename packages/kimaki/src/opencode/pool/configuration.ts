/**
 * OpenCode reads a project's configuration at first touch and the user's at its start, and never again by itself. What is edited later
 * is read again before the next question, where nothing runs; where something does, with a later question:
 *
 *     read ──question, the project's files or the log-ins changed──▶ the project is let go, and read again (50 ms)
 *     read ──question, the user's files changed──▶ another server
 *
 * One that is broken at first touch stays broken in that server, mended or not; only another server reads it again. So the failure
 * is kept, with fingerprints of the files. Other servers are not concerned; where projects share one, it is replaced only while
 * nothing of theirs runs:
 *
 *     well ──config failure──▶ poisoned
 *     poisoned ──call, files as they were──▶ poisoned: the same failure at once, the server is not asked
 *     poisoned ──call, files changed──▶ another server once nothing runs (30 s at most, then "it waits") ──▶ well
 *
 * Fingerprints are taken before the first touch: taken after, an edit in between would go unnoticed for ever. A server of
 * an earlier bot may have been poisoned long ago: its failure is not believed but asked again of a fresh one. (What was edited while
 * no bot was there is noticed with the next edit, or the next server.)
 */
import type { AgentFailureReason, AgentResult } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import { fingerprints, haveChanged, projectFiles, stampsOf, userFiles } from './config-files.ts'
import type { ConfigFiles } from './config-files.ts'
import type { Link } from '../session/link.ts'
import { failed } from '../wire/result.ts'
import { runningSessions } from '../wire/running.ts'
import type { Supervisor } from '../process/supervisor.ts'
import { pause } from '../wire/wait.ts'

const QUIET_MS = 30_000
const LOOK_MS = 250
/** A prompt is stored up to 0.4 s before its session shows as busy: in between its run has begun, unless it was heard to end. */
const BEGUN_MS = 2_000
const CHANGED = 'OpenCode was restarted to read a changed configuration'

type ConfigFailure = Extract<AgentFailureReason, { kind: 'config' }>

interface Read {
  readonly project: ConfigFiles
  readonly user: ConfigFiles
  readonly stamps: string
}

interface Poisoned {
  readonly failure: ConfigFailure
  /** `undefined`: not known, so taken as changed. */
  readonly files: ConfigFiles | undefined
  readonly link: Link | undefined
}

export interface Configuration {
  /** Does the work, unless the project's configuration is known to be broken. */
  guard<T>(directory: string, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>>
  /** The same for what people ask for: first, what was edited is read again. */
  question<T>(about: Question, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>>
}

export interface Question {
  readonly directory: string
  /** Where a run begins with it. */
  readonly session?: string
}

export interface ConfigurationOptions {
  readonly supervisor: Supervisor<Link>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly stopped: AbortSignal
  readonly quietMs?: number
}

export function createConfiguration(options: ConfigurationOptions): Configuration {
  const { supervisor, environment, log, stopped, quietMs = QUIET_MS } = options
  const poisoned = new Map<string, Poisoned>()
  const known = new WeakMap<Link, Map<string, Read>>()
  /** Calls under way, by folder. */
  const inside = new Map<string, number>()
  let working = 0
  let replacing: Promise<boolean> | undefined
  let rereading: Promise<void> | undefined

  async function guard<T>(directory: string, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>> {
    await rereading
    inside.set(directory, (inside.get(directory) ?? 0) + 1)
    return guarded(directory, work).finally(() => inside.set(directory, (inside.get(directory) ?? 1) - 1))
  }

  async function guarded<T>(directory: string, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>> {
    const standing = await stillBroken(directory)
    if (standing) return failed(standing)
    const read = knownOf(directory) ? undefined : await look(directory)
    working += 1
    const result = await work().finally(() => (working -= 1))
    const link = supervisor.current()
    if (result.ok || result.failure.kind !== 'config') {
      if (link && read) known.set(link, (known.get(link) ?? new Map()).set(directory, read))
      return result
    }

    const { failure } = result
    const believed = read && !link?.server.adopted ? await withNamed(read, failure.file) : undefined
    poisoned.set(directory, { failure, files: believed, link })
    return link?.server.adopted ? guarded(directory, work) : result
  }

  async function question<T>({ directory, session }: Question, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>> {
    const read = knownOf(directory)
    if (read && read.stamps !== stampsOf(read.project, read.user)) {
      rereading = (rereading ?? Promise.resolve())
        .then(() => reread(directory))
        .catch((cause: unknown) => log.warn('a changed configuration could not be read again', { cause: String(cause) }))
      await rereading
    }
    note(Number.POSITIVE_INFINITY)
    return guard(directory, work).finally(() => {
      if (session !== undefined && supervisor.current()?.begun.has(session)) note(performance.now())
    })

    function note(at: number): void {
      if (session !== undefined) supervisor.current()?.begun.set(session, { directory, at })
    }
  }

  async function reread(directory: string): Promise<void> {
    const [link, read] = [supervisor.current(), knownOf(directory)]
    if (!link || !read) return
    const byUser = await haveChanged(read.user)
    if (!byUser && !(await haveChanged(read.project))) {
      known.get(link)?.set(directory, { ...read, stamps: stampsOf(read.project, read.user) })
    } else if (byUser) {
      if (await isQuiet(link)) await supervisor.restart(CHANGED)
    } else if (await isQuiet(link, directory)) {
      const { ok } = await link.http.call({ method: 'POST', path: '/instance/dispose', directory })
      if (ok) letGo(link, directory)
    }
  }

  /** In this folder, or in all of them. */
  async function isQuiet(link: Link, only?: string): Promise<boolean> {
    const isMeant = (directory: string): boolean => only === undefined || directory === only
    const since = performance.now() - BEGUN_MS
    if ([...inside].some(([directory, calls]) => isMeant(directory) && calls > 0)) return false
    if ([...link.begun.values()].some(({ directory, at }) => isMeant(directory) && at > since)) return false
    return (await runningSessions(link.http, only === undefined ? link.directories : [only])) === 0
  }

  function letGo(link: Link, directory: string): void {
    known.get(link)?.delete(directory)
    link.trusted.clear()
    link.catalog.forget(directory)
    link.commands.forget(directory)
    log.info('a changed configuration is read again', { directory })
  }

  async function stillBroken(directory: string): Promise<ConfigFailure | undefined> {
    const broken = poisoned.get(directory)
    if (!broken) return undefined
    if (broken.files && !(await haveChanged(broken.files))) return broken.failure
    const healthy = broken.link !== supervisor.current() || (await replaceServer())
    if (!healthy) return broken.files ? waits(broken.failure) : broken.failure
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
        await supervisor.restart(CHANGED)
        return true
      }
      await pause(LOOK_MS, stopped)
    }
    return false
  }

  function knownOf(directory: string): Read | undefined {
    const link = supervisor.current()
    return link && known.get(link)?.get(directory)
  }

  async function look(directory: string): Promise<Read> {
    const [project, user] = await Promise.all([projectFiles(directory, environment), userFiles(environment)])
    return { project, user, stamps: stampsOf(project, user) }
  }

  return { guard, question }
}

const waits = (failure: ConfigFailure): ConfigFailure => ({
  ...failure,
  reason: `${failure.reason} (it has changed since, and is read again when no session is running)`,
})

/** The file OpenCode names may lie elsewhere. */
async function withNamed({ project, user }: Read, named: string): Promise<ConfigFiles> {
  const files = new Map([...project, ...user])
  return files.has(named) ? files : new Map([...files, ...(await fingerprints([named]))])
}
