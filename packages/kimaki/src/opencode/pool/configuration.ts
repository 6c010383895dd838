/** The configuration of the projects of one slot: read again when it was edited (`reload.ts`), refused while it is broken (`quarantine.ts`). */
import type { AgentError } from '../../ports/agent-error.ts'
import type { FolderRefused } from '../../base/errors.ts'
import type { LogInsRenewed } from '../../ports/agent/log-ins.ts'
import type { Folders, Log } from '../../ports/host.ts'
import type { Supervisor } from '../process/supervisor.ts'
import type { Link } from '../session/link.ts'
import { hazardIn } from '../project/hazards.ts'
import { ConfigReads } from './config-reads.ts'
import type { ProgramWatch } from './programs.ts'
import { Quarantine } from './quarantine.ts'
import { Reload } from './reload.ts'

export interface ConfigurationOptions {
  readonly supervisor: Supervisor<Link>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folders: Folders
  readonly log: Log
  readonly stopped: AbortSignal
  readonly programs: Pick<ProgramWatch, 'opened'>
  /** How long a changed configuration waits for running sessions; default 30 s. */
  readonly quietMs?: number
}

export class Configuration {
  readonly #supervisor: Supervisor<Link>
  readonly #reload: Reload
  readonly #quarantine: Quarantine
  readonly #reads: ConfigReads
  readonly #folders: Folders
  readonly #programs: ConfigurationOptions['programs']

  constructor(options: ConfigurationOptions) {
    const reads = new ConfigReads()
    this.#reads = reads
    this.#folders = options.folders
    this.#programs = options.programs
    this.#supervisor = options.supervisor
    this.#reload = new Reload({ ...options, reads })
    this.#quarantine = new Quarantine({ ...options, reads })
  }

  /** Why no server may open the folder now; undefined also when the running one has it open already. */
  async hazardOf(directory: string): Promise<FolderRefused | undefined> {
    if (this.#reads.of(this.#supervisor.current(), directory)) return undefined
    return this.#folders.within(directory, async () => hazardIn(directory, this.#folders))
  }

  /** Does the work, unless the project's configuration is known to be broken. */
  guard<T>(directory: string, work: () => Promise<T | AgentError>): Promise<T | AgentError> {
    return this.#reload.during(directory, () => this.#quarantine.guard(directory, work))
  }

  /** The same for what a person asks for: first, an edited configuration is read again. */
  async refreshAndGuard<T>(directory: string, work: () => Promise<T | AgentError>): Promise<T | AgentError> {
    const refused = await this.#reload.refresh(directory)
    return refused ?? this.guard(directory, work)
  }

  /** The same for a prompt: a run begins in the session. */
  async submit<T>(directory: string, session: string, work: () => Promise<T | AgentError>): Promise<T | AgentError> {
    const refused = await this.#reload.refresh(directory)
    if (refused) return refused
    this.#supervisor.current()?.inFlight.begin(session, directory)
    try {
      return await this.guard(directory, work)
    } finally {
      const link = this.#supervisor.current()
      link?.inFlight.submitted(session)
      this.#programs.opened(directory, this.#reads.of(link, directory))
    }
  }

  /** The project is read again, at once or after what runs in it. */
  renew(directory: string): Promise<LogInsRenewed> {
    return this.#reload.renew(directory)
  }
}
