/** Who answers in each channel, and what the channel listens to, as people have chosen: kept in memory because every input asks. */
import {
  changed,
  NO_PREFERENCES,
  type ChannelPreference,
  type Preferences,
  type StoredPreference,
} from '../../domain/models/preferences.ts'
import type { Settings } from '../../domain/settings.ts'
import type { StorePort } from '../../ports/store.ts'

export class ChannelPreferences {
  /** The very same object until something is chosen. */
  readonly #inForce = new Map<string, Preferences>()
  readonly #channels = new Map<string, ChannelPreference>()
  #global: ChannelPreference = NO_PREFERENCES.global
  readonly #usual: ChannelPreference

  /** What counts where nobody has chosen. */
  constructor({ mentionMode, usesWorktrees }: Partial<Pick<Settings, 'mentionMode' | 'usesWorktrees'>> = {}) {
    this.#usual = { ...(mentionMode && { mention: true }), ...(usesWorktrees && { worktrees: true }) }
  }

  async load(store: Pick<StorePort, 'preferences'>): Promise<void> {
    this.apply(await store.preferences())
  }

  of(channelId: string): Preferences {
    const known = this.#inForce.get(channelId)
    if (known) return known
    const preferences = { channel: { ...this.#usual, ...this.#channels.get(channelId) }, global: this.#global }
    this.#inForce.set(channelId, preferences)
    return preferences
  }

  /** Messages in the channel count only where they mention the bot. */
  needsMention(channelId: string): boolean {
    return this.of(channelId).channel.mention ?? false
  }

  /** They are on record. */
  apply(changes: readonly StoredPreference[]): void {
    for (const { place, ...change } of changes) {
      if (place === undefined) this.#global = changed(this.#global, change)
      else this.#channels.set(place, changed(this.#channels.get(place) ?? NO_PREFERENCES.channel, change))
    }
    if (changes.length > 0) this.#inForce.clear()
  }
}
