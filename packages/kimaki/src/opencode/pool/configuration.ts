/** The configuration of the projects of one slot: read again when it was edited (`reload.ts`), refused while it is broken (`quarantine.ts`). */
import type { AgentError } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import type { Supervisor } from '../process/supervisor.ts'
import type { Link } from '../session/link.ts'
import { ConfigReads } from './config-reads.ts'
import { Quarantine } from './quarantine.ts'
import { Reload } from './reload.ts'

export interface ConfigurationOptions {
  readonly supervisor: Supervisor<Link>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly stopped: AbortSignal
  /** How long a changed configuration waits for running sessions; default 30 s. */
  readonly quietMs?: number
}

export class Configuration {
  readonly #supervisor: Supervisor<Link>
  readonly #reload: Reload
  readonly #quarantine: Quarantine

  constructor(options: ConfigurationOptions) {
    const reads = new ConfigReads()
    this.#supervisor = options.supervisor
    this.#reload = new Reload({ ...options, reads })
    this.#quarantine = new Quarantine({ ...options, reads })
  }

  /** Does the work, unless the project's configuration is known to be broken. */
  guard<T>(directory: string, work: () => Promise<T | AgentError>): Promise<T | AgentError> {
    return this.#reload.during(directory, () => this.#quarantine.guard(directory, work))
  }

  /** The same for what a person asks for: first, an edited configuration is read again. */
  async refreshAndGuard<T>(directory: string, work: () => Promise<T | AgentError>): Promise<T | AgentError> {
    await this.#reload.refresh(directory)
    return this.guard(directory, work)
  }

  /** The same for a prompt: a run begins in the session. */
  async submit<T>(directory: string, session: string, work: () => Promise<T | AgentError>): Promise<T | AgentError> {
    await this.#reload.refresh(directory)
    this.#supervisor.current()?.inFlight.begin(session, directory)
    try {
      return await this.guard(directory, work)
    } finally {
      this.#supervisor.current()?.inFlight.submitted(session)
    }
  }
}
