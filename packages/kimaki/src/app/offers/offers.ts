/**
 * What OpenCode offers in each project, in memory because every command asks, and on record because no server is started to ask. It is read
 * again while something happens in the project, since then its server runs: at most once a minute, and at the end of a minute with news.
 */
import type { Clock } from '../../base/clock.ts'
import { isAbortError } from '../../base/errors.ts'
import type { KeyedTimers } from '../../base/keyed-timers.ts'
import type { Offered } from '../../domain/offered.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import type { ChatReady, CommandDeclaration } from '../../ports/chat.ts'
import type { CommandRecords, Project } from '../../ports/store.ts'
import { Registration, type RegistrationDeps } from './registration.ts'

/** Reading it costs OpenCode some milliseconds. MCP servers come late, and files are read again after they were edited. */
const RENEWED_AFTER_MS = 60_000
/** The first prompt goes before. */
const FIRST_AFTER_MS = 2000

export interface OffersDeps {
  readonly agent: Pick<AgentPort, 'offered'>
  readonly records: CommandRecords
  readonly clock: Clock
  readonly timers: Pick<KeyedTimers, 'set' | 'clear'>
  readonly log: Log
  readonly chat: RegistrationDeps['chat']
  readonly projects: { all(): readonly Project[] }
  /** What a guild whose projects offer this is to be shown. */
  readonly declared: (offered: readonly Offered[]) => readonly CommandDeclaration[]
}

export class Offers {
  readonly #deps: OffersDeps
  readonly #registration: Registration
  readonly #readAt = new Map<string, number>()
  #known: ReadonlyMap<string, Offered> = new Map()

  constructor(deps: OffersDeps) {
    this.#deps = deps
    this.#registration = new Registration({
      ...deps,
      projects: () => deps.projects.all(),
      declared: (directories) => deps.declared(directories.flatMap((directory) => this.of(directory) ?? [])),
    })
  }

  /** Discord is connected. */
  start(ready: ChatReady): void {
    this.#registration.start(ready)
  }

  /** The bot is in this guild now, or is not any more. */
  guildChanged({ id, isHere }: { readonly id: string; readonly isHere: boolean }): void {
    if (isHere) this.#registration.joined(id)
    else this.#registration.left(id)
  }

  async load(): Promise<void> {
    this.#known = await this.#deps.records.offered()
  }

  of(directory: string): Offered | undefined {
    return this.#known.get(directory)
  }

  /** What is known, and asked again for the next time; where nothing is known, the server of the project is started to ask. */
  async read(directory: string): Promise<Offered | AgentError> {
    const known = this.of(directory)
    if (known) {
      this.used(directory)
      return known
    }
    const offered = await this.#deps.agent.offered(directory, true)
    if (offered !== undefined && !(offered instanceof Error)) await this.#keep(directory, offered)
    return offered ?? { agents: [], commands: [] }
  }

  /** Something happens in the project. */
  used(directory: string): void {
    const { clock, timers } = this.#deps
    const readAt = this.#readAt.get(directory)
    const dueIn = readAt === undefined ? FIRST_AFTER_MS : Math.max(readAt + RENEWED_AFTER_MS - clock.now(), 0)
    timers.set(`offered ${directory}`, dueIn, () => void this.#renew(directory))
  }

  async #renew(directory: string): Promise<void> {
    const { agent, clock, log } = this.#deps
    this.#readAt.set(directory, clock.now())
    try {
      const offered = await agent.offered(directory, false)
      if (offered !== undefined && !(offered instanceof Error)) await this.#keep(directory, offered)
    } catch (error) {
      if (!isAbortError(error)) log.warn('what OpenCode offers could not be read', { directory, error: String(error) })
    }
  }

  async #keep(directory: string, offered: Offered): Promise<void> {
    this.#readAt.set(directory, this.#deps.clock.now())
    if (JSON.stringify(offered) === JSON.stringify(this.of(directory))) return
    await this.#deps.records.keepOffered(directory, offered)
    this.#known = new Map(this.#known).set(directory, offered)
    this.#registration.changed(directory)
  }
}
