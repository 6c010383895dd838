/**
 * A project whose configuration was broken at first touch stays broken in that server, corrected or not; only another server reads it again.
 * So the failure is kept, with fingerprints of the files:
 *
 *     well ──ConfigBroken──▶ quarantined
 *     quarantined ──call, files as they were──▶ quarantined: the same failure at once
 *     quarantined ──call, files changed──▶ another server once nothing runs (30 s at most, then "it waits") ──▶ well
 *
 * Q1 While the files are as they were, the server is not asked.
 * Q2 A server is replaced only while nothing runs on it, in none of its projects.
 * Q3 Fingerprints are taken before the first touch: taken after, an edit in between would go unnoticed for ever.
 * Q4 The failure of an adopted server is not believed, since it may have read the files long ago: a fresh server is asked.
 */
import { ConfigBroken, FolderRefused } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { Folders } from '../../ports/host.ts'
import type { Supervisor } from '../process/supervisor.ts'
import type { Link } from '../session/link.ts'
import { runningSessions } from '../wire/running.ts'
import { fingerprints, haveChanged } from '../project/config-files.ts'
import type { ConfigFiles } from '../project/config-files.ts'
import { readConfig } from './config-reads.ts'
import type { ConfigRead, ConfigReads } from './config-reads.ts'
import { CONFIG_CHANGED } from './reload.ts'

const QUIET_MS = 30_000
const LOOK_MS = 250

interface Quarantined {
  readonly failure: ConfigBroken
  /** `undefined`: not known, so taken as changed. */
  readonly files: ConfigFiles | undefined
  /** The server that has read them. */
  readonly link: Link | undefined
}

export interface QuarantineOptions {
  readonly supervisor: Supervisor<Link>
  readonly reads: ConfigReads
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folders: Folders
  readonly stopped: AbortSignal
  /** Default 30 s. */
  readonly quietMs?: number
}

export class Quarantine {
  readonly #options: QuarantineOptions
  readonly #quarantined = new Map<string, Quarantined>()
  #callsUnderWay = 0
  #replacing: Promise<boolean> | undefined

  constructor(options: QuarantineOptions) {
    this.#options = options
  }

  /** Does the work, unless the project's configuration is known to be broken. */
  async guard<T>(directory: string, work: () => Promise<T | AgentError>): Promise<T | AgentError> {
    const { supervisor, reads, environment, folders } = this.#options
    const known = await this.#failureOf(directory)
    if (known) return known
    const isRead = reads.of(supervisor.current(), directory) !== undefined
    const read = isRead ? undefined : await readConfig(directory, environment, folders)
    if (read instanceof FolderRefused) return read
    const result = await this.#counted(work)
    const link = supervisor.current()
    if (!(result instanceof ConfigBroken)) {
      if (link && read) reads.keep(link, directory, read)
      return result
    }
    const isBelieved = read && !link?.server.adopted
    const files = isBelieved ? await this.#filesOf(directory, read, String(result.file)) : undefined
    this.#quarantined.set(directory, { failure: result, files, link })
    return link?.server.adopted ? this.guard(directory, work) : result
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#callsUnderWay += 1
    try {
      return await work()
    } finally {
      this.#callsUnderWay -= 1
    }
  }

  /** The failure that still stands; `undefined` when the server that runs next, or now, may be asked. */
  async #failureOf(directory: string): Promise<ConfigBroken | FolderRefused | undefined> {
    const quarantined = this.#quarantined.get(directory)
    if (!quarantined) return undefined
    const { failure, files, link } = quarantined
    const { folders } = this.#options
    const changed = files && (await folders.within(directory, async () => haveChanged(files, folders)))
    if (changed instanceof FolderRefused) return changed
    if (changed === false) return failure
    const isReplaced = link !== this.#options.supervisor.current() || (await this.#replaceServer())
    if (!isReplaced) return files ? waiting(failure) : failure
    this.#quarantined.delete(directory)
    return undefined
  }

  /** The file that OpenCode names may lie elsewhere. */
  async #filesOf(directory: string, { project, user }: ConfigRead, named: string): Promise<ConfigFiles | undefined> {
    const { folders } = this.#options
    const files = new Map([...project, ...user])
    if (files.has(named)) return files
    const more = await folders.within(directory, async () => fingerprints([named], folders))
    return more instanceof FolderRefused ? undefined : new Map([...files, ...more])
  }

  /** For all who wait at the same time. */
  #replaceServer(): Promise<boolean> {
    this.#replacing ??= this.#replaceWhenQuiet().finally(() => (this.#replacing = undefined))
    return this.#replacing
  }

  async #replaceWhenQuiet(): Promise<boolean> {
    const { supervisor, stopped, quietMs = QUIET_MS } = this.#options
    for (const until = performance.now() + quietMs; performance.now() < until;) {
      const link = supervisor.current()
      if (!link) return true
      if (this.#callsUnderWay === 0 && (await runningSessions(link.http, link.directories)) === 0) {
        await supervisor.restart(CONFIG_CHANGED)
        return true
      }
      await sleep(LOOK_MS, stopped)
    }
    return false
  }
}

const waiting = ({ file, reason }: ConfigBroken): ConfigBroken =>
  new ConfigBroken({ file, reason: `${reason} (it has changed since, and is read again when no session is running)` })
