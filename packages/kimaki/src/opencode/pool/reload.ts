/**
 * Has edited configuration read again before the next prompt. OpenCode itself reads a project's at first touch, the user's at its start, and
 * never again:
 *
 *     read ──prompt, the project's files or the log-ins changed──▶ the project is disposed, and read again (50 ms)
 *     read ──prompt, the user's files changed──▶ another server
 *
 * R1 Nothing is reloaded while something of it runs; then a later prompt reloads it. A run that a prompt has begun counts before it shows.
 * R2 No call about the server's projects begins while a reload is under way.
 * R3 Files that were only touched, or that only OpenCode itself has changed, reload nothing.
 * R4 A folder that must not be opened is refused before each prompt.
 * R5 What was to be read again while something ran is read again before the first prompt that finds nothing running, changed or not.
 *
 * A file that was edited while no bot ran is noticed with its next edit, or with the next server.
 */
import { FolderRefused, isAbortError } from '../../base/errors.ts'
import { SerialQueue } from '../../base/serial.ts'
import type { Folders, Log } from '../../ports/host.ts'
import type { Supervisor } from '../process/supervisor.ts'
import type { Link } from '../session/link.ts'
import type { LogInsRenewed } from '../../ports/agent/log-ins.ts'
import { runningIn, runningSessions } from '../wire/running.ts'
import { haveChanged, stampsOf } from '../project/config-files.ts'
import { hazardIn } from '../project/hazards.ts'
import type { ConfigRead, ConfigReads } from './config-reads.ts'

export const CONFIG_CHANGED = 'OpenCode was restarted to read a changed configuration'

export interface ReloadOptions {
  readonly supervisor: Supervisor<Link>
  readonly reads: ConfigReads
  readonly folders: Folders
  readonly log: Log
}

interface Change {
  readonly part: 'user' | 'project' | undefined
  readonly stamps: string
}

export class Reload {
  readonly #supervisor: Supervisor<Link>
  readonly #reads: ConfigReads
  readonly #folders: Folders
  readonly #log: Log
  readonly #reloads = new SerialQueue()
  /** By folder. */
  readonly #callsUnderWay = new Map<string, number>()
  /** R5: folders whose project is to be read again, by the server that has read it. */
  readonly #due = new WeakMap<Link, Set<string>>()

  constructor({ supervisor, reads, folders, log }: ReloadOptions) {
    this.#supervisor = supervisor
    this.#reads = reads
    this.#folders = folders
    this.#log = log
  }

  /** R1, R2: does the work once no reload is under way, and keeps one from beginning meanwhile. */
  async during<T>(directory: string, work: () => Promise<T>): Promise<T> {
    await this.#reloads.drained()
    this.#count(directory, 1)
    try {
      return await work()
    } finally {
      this.#count(directory, -1)
    }
  }

  /**
   * Has the project's configuration read again, if it was edited and nothing runs. R4: an error when the folder does not answer, or has
   * become one that must not be opened: OpenCode reads some of its files with every prompt.
   */
  async refresh(directory: string): Promise<FolderRefused | undefined> {
    const read = this.#reads.of(this.#supervisor.current(), directory)
    if (!read) return undefined
    const stamps = await this.#look(
      directory,
      async () => (await hazardIn(directory, this.#folders)) ?? stampsOf(this.#folders, read.project, read.user),
    )
    if (stamps instanceof FolderRefused) return stamps
    if (read.stamps === stamps && !this.#isDue(directory)) return undefined
    try {
      return await this.#reloads.run(() => this.#reload(directory))
    } catch (cause) {
      if (isAbortError(cause)) throw cause
      this.#log.warn('a changed configuration could not be read again', { cause: String(cause) })
      return undefined
    }
  }

  /** The project is read again, though nothing may have changed: a plugin may keep a log-in where nobody looks. R1, R5. */
  async renew(directory: string): Promise<LogInsRenewed> {
    return this.#reloads.run(async () => {
      const link = this.#supervisor.current()
      if (!link) return { counts: 'now' }
      const sessions = await runningIn(link.http, directory)
      this.#due.set(link, (this.#due.get(link) ?? new Set<string>()).add(directory))
      if (await this.#isQuiet(link, directory)) await this.#dispose(link, directory)
      if (!this.#isDue(directory)) return { counts: 'now' }
      return { counts: 'later', sessions: sessions === 'unknown' ? [] : sessions }
    })
  }

  #isDue(directory: string): boolean {
    const link = this.#supervisor.current()
    return link !== undefined && this.#due.get(link)?.has(directory) === true
  }

  async #reload(directory: string): Promise<FolderRefused | undefined> {
    const link = this.#supervisor.current()
    const read = this.#reads.of(link, directory)
    if (!link || !read) return undefined
    const changed = await this.#look(directory, () => this.#changeOf(read))
    if (changed instanceof FolderRefused) return changed
    if (changed.part === 'user' && (await this.#isQuiet(link))) await this.#supervisor.restart(CONFIG_CHANGED)
    const isToBeRead = changed.part === 'project' || this.#isDue(directory)
    if (changed.part !== 'user' && isToBeRead && (await this.#isQuiet(link, directory))) await this.#dispose(link, directory)
    if (changed.part === undefined && !isToBeRead) this.#reads.keep(link, directory, { ...read, stamps: changed.stamps })
    return undefined
  }

  async #changeOf({ project, user }: ConfigRead): Promise<Change> {
    const stamps = await stampsOf(this.#folders, project, user)
    if (await haveChanged(user, this.#folders)) return { part: 'user', stamps }
    return { part: (await haveChanged(project, this.#folders)) ? 'project' : undefined, stamps }
  }

  #look<T>(directory: string, work: () => Promise<T>): Promise<T | FolderRefused> {
    return this.#folders.within(directory, work)
  }

  /** In this folder, or in all of them. */
  async #isQuiet(link: Link, directory?: string): Promise<boolean> {
    const folders = directory === undefined ? [...this.#callsUnderWay.keys()] : [directory]
    if (folders.some((folder) => (this.#callsUnderWay.get(folder) ?? 0) > 0)) return false
    if (link.inFlight.has(directory)) return false
    return (await runningSessions(link.http, directory === undefined ? link.directories : [directory])) === 0
  }

  /** OpenCode forgets the project, and reads it again at the next touch. */
  async #dispose(link: Link, directory: string): Promise<void> {
    const answer = await link.http.call({ method: 'POST', path: '/instance/dispose', directory })
    if (answer instanceof Error) return
    this.#due.get(link)?.delete(directory)
    this.#reads.forget(link, directory)
    link.trusted.clear()
    link.catalog.forget(directory)
    link.commands.forget(directory)
    link.choices.forget(directory)
    this.#log.info('a changed configuration is read again', { directory })
  }

  #count(directory: string, change: 1 | -1): void {
    this.#callsUnderWay.set(directory, (this.#callsUnderWay.get(directory) ?? 0) + change)
  }
}
