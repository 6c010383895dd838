/** A channel of Discord as it may become the place of a project. */
import type { Right } from './rights.ts'

export type ChannelKind = 'text' | 'thread' | 'category' | 'voice' | 'forum' | 'direct' | 'other'

/** A channel as Discord knows it now. */
export interface ChannelReport {
  readonly id: string
  readonly name: string
  readonly kind: ChannelKind
  /** Undefined for a direct message. */
  readonly guildId: string | undefined
  /** The channel of a thread, the category of a channel. */
  readonly parentId: string | undefined
  /** What the bot needs in a text channel and may not do there. */
  readonly missing: readonly Right[]
}
