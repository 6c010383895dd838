/** How much the threads of each channel show: a small table, kept in memory because every input asks. */
import { DEFAULT_VERBOSITY, type Verbosity } from '../../domain/prefs.ts'
import type { StorePort } from '../../ports/store.ts'

export class Verbosities {
  readonly #otherwise: Verbosity
  #levels: ReadonlyMap<string, Verbosity> = new Map()

  /** `otherwise`: of channels for which nobody has set it. */
  constructor(otherwise: Verbosity = DEFAULT_VERBOSITY) {
    this.#otherwise = otherwise
  }

  async load(store: Pick<StorePort, 'verbosities'>): Promise<void> {
    this.#levels = await store.verbosities()
  }

  of(channelId: string): Verbosity {
    return this.#levels.get(channelId) ?? this.#otherwise
  }

  /** Somebody has set it for this channel. */
  isOwn(channelId: string): boolean {
    return this.#levels.has(channelId)
  }

  /** It is on record. */
  set(channelId: string, level: Verbosity): void {
    this.#levels = new Map(this.#levels).set(channelId, level)
  }
}
