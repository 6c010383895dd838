/** Tells of programs that a trusted folder brings since a person looked last: OpenCode runs them as soon as it opens the folder. */
import { FolderRefused } from '../../base/errors.ts'
import type { AgentNotice, FolderTrusts } from '../../ports/agent.ts'
import type { Folders, Log } from '../../ports/host.ts'
import { broughtBy } from '../project/brings.ts'
import type { Listeners } from '../wire/listeners.ts'
import type { ConfigRead } from './config-reads.ts'

export interface ProgramWatchOptions {
  readonly trusts: FolderTrusts
  readonly folders: Folders
  readonly log: Log
  readonly notices: Pick<Listeners<AgentNotice>, 'emit'>
}

export class ProgramWatch {
  readonly #options: ProgramWatchOptions
  readonly #looked = new WeakSet<ConfigRead>()

  constructor(options: ProgramWatchOptions) {
    this.#options = options
  }

  /** Looks once each time a server opens the folder; `read` stands for that. */
  opened(directory: string, read: ConfigRead | undefined): void {
    if (!read || this.#looked.has(read)) return
    this.#looked.add(read)
    this.#look(directory).catch((cause: unknown) =>
      this.#options.log.warn('what a folder brings could not be looked at', { directory, cause: String(cause) }),
    )
  }

  async #look(directory: string): Promise<void> {
    const { trusts, folders, log, notices } = this.#options
    const known = trusts.all().find((trust) => trust.directory === directory)
    if (known?.isTrusted === false) return
    const brought = await folders.within(directory, () => broughtBy(directory, folders))
    if (brought instanceof FolderRefused) return
    const { programs } = brought
    const added = known ? programs.filter((program) => !known.programs.includes(program)) : []
    if (added.length > 0) {
      log.warn('a folder brings programs that nobody has looked at', { directory, programs: added })
      notices.emit({ kind: 'brings', programs: added, directories: [directory] })
    }
    // What is gone is forgotten: should it come back, that is told.
    if (!known || programs.join('\n') !== known.programs.join('\n')) await trusts.knows(directory, programs)
  }
}
