/** The ways in which the port calls a project's server: each leases the slot of the project for the time of the call. */
import { access, constants, realpath, stat } from 'node:fs/promises'
import { DirectoryGone, DirectoryMisread, type FolderRefused } from '../../base/errors.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { Folders } from '../../ports/host.ts'
import type { LogInsRenewed } from '../../ports/agent/log-ins.ts'
import type { Link } from '../session/link.ts'
import { misreadFolder } from '../wire/misread-folder.ts'
import type { Lease, ServerWork } from './lease.ts'
import type { Pool } from './pool.ts'

/** The live server, asked for anew by each try of a prompt. */
export type Server = () => Promise<Link | AgentError>

/** Every call rejects with an `AbortError` once the agent stops. */
export class Calls {
  readonly #pool: Pool
  readonly #folders: Folders
  readonly #stopped: AbortSignal

  constructor({ pool, folders, stopped }: { readonly pool: Pool; readonly folders: Folders; readonly stopped: AbortSignal }) {
    this.#pool = pool
    this.#folders = folders
    this.#stopped = stopped
  }

  /** In a folder that is there and whose configuration is not known to be broken. */
  inProject<T>(directory: string, work: ServerWork<T>): Promise<T | AgentError> {
    return this.#inFolder(directory, (lease) => lease.configuration.guard(directory, () => lease.call(work)))
  }

  /** The same, after an edited configuration was read again. */
  inRefreshedProject<T>(directory: string, work: ServerWork<T>): Promise<T | AgentError> {
    return this.#inFolder(directory, (lease) => lease.configuration.refreshAndGuard(directory, () => lease.call(work)))
  }

  /** The same for a prompt, which begins a run in the session and repeats itself. */
  submit<T>(directory: string, session: string, work: (server: Server) => Promise<T | AgentError>): Promise<T | AgentError> {
    return this.#inFolder(directory, (lease) => lease.configuration.submit(directory, session, () => work(() => lease.server())))
  }

  /**
   * The same, at once: a run that goes round in circles makes more events than can be read, while each look at the disk waits for its turn
   * behind them.
   */
  urgently<T>(directory: string, work: ServerWork<T>): Promise<T | AgentError> {
    const link = this.#pool.atHand(directory)
    return link ? work(link, false) : this.anyway(directory, work)
  }

  /** In whatever state the folder and its configuration are, except that a server never opens a dangerous one for it. */
  anyway<T>(directory: string, work: ServerWork<T>): Promise<T | AgentError> {
    return this.#leased(directory, async (lease) => (await lease.configuration.hazardOf(directory)) ?? lease.call(work))
  }

  /** Ends the server of the project and starts another. */
  restart(directory: string): Promise<undefined | AgentError> {
    return this.#leased(directory, async (lease) => {
      const hazard = await lease.configuration.hazardOf(directory)
      if (hazard) return hazard
      const link = await lease.restarted()
      return link instanceof Error ? link : undefined
    })
  }

  /** Has the project read again, at once or after what runs in it. */
  renew(directory: string): Promise<LogInsRenewed | AgentError> {
    return this.#inFolder(directory, (lease) => lease.configuration.renew(directory))
  }

  async #inFolder<T>(directory: string, work: (lease: Lease) => Promise<T | AgentError>): Promise<T | AgentError> {
    this.#stopped.throwIfAborted()
    return (await folderError(directory, this.#folders)) ?? this.#leased(directory, work)
  }

  async #leased<T>(directory: string, work: (lease: Lease) => Promise<T | AgentError>): Promise<T | AgentError> {
    const lease = await this.#pool.acquire(directory)
    if (lease instanceof Error) return lease
    try {
      const result = await work(lease)
      // Trouble during the stop comes from the stop.
      if (result instanceof Error) this.#stopped.throwIfAborted()
      return result
    } finally {
      lease.release()
    }
  }
}

/** OpenCode would make a session in a folder that is not there, and fail at its first prompt; and it works in another folder than the one it misreads. */
export async function folderError(
  directory: string,
  folders: Folders,
): Promise<DirectoryGone | DirectoryMisread | FolderRefused | undefined> {
  return folders.within(directory, async () => {
    try {
      await access(directory, constants.R_OK | constants.X_OK)
      if (!(await stat(directory)).isDirectory()) return new DirectoryGone({ directory })
      // OpenCode records the real path.
      const read = misreadFolder(await realpath(directory))
      return read === undefined ? undefined : new DirectoryMisread({ directory, read })
    } catch {
      return new DirectoryGone({ directory })
    }
  })
}
