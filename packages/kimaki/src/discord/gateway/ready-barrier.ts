/**
 * Waits after READY until the guilds have come. After READY the guilds come one by one as GUILD_CREATE; a guild in an outage may not come
 * at all, so the barrier waits 5 s at most. RESUMED is usable at once.
 */
import { Unreadable } from '../../base/errors.ts'
import { handleDispatch, type Arrival, type DispatchTable } from '../wire/dispatch.ts'

const TIMEOUT_MS = 5000

export class ReadyBarrier {
  #awaited = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #barrier = Promise.withResolvers<void>()

  readonly #handlers: DispatchTable<void> = {
    READY: ({ guilds }) => this.#raise(guilds.map((guild) => guild.id)),
    GUILD_CREATE: ({ id }) => this.#arrived(id),
    GUILD_DELETE: ({ id }) => this.#arrived(id),
    RESUMED: () => this.#open(),
  }

  onDispatch({ read }: Arrival): void {
    if (read !== undefined && !(read instanceof Unreadable)) handleDispatch(this.#handlers, read)
  }

  /** Resolves once the guilds of the newest session are there, or the adapter stops. */
  readonly opened = (): Promise<void> => this.#barrier.promise

  stop(): void {
    this.#open()
  }

  #raise(guildIds: readonly string[]): void {
    this.#open()
    this.#barrier = Promise.withResolvers<void>()
    this.#awaited = new Set(guildIds)
    if (guildIds.length === 0) return this.#open()
    this.#timer = setTimeout(() => this.#open(), TIMEOUT_MS)
  }

  #arrived(guildId: string): void {
    this.#awaited.delete(guildId)
    if (this.#awaited.size === 0) this.#open()
  }

  #open(): void {
    clearTimeout(this.#timer)
    this.#awaited = new Set()
    this.#barrier.resolve()
  }
}
