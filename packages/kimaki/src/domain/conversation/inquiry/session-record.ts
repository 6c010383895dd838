/** A session as programs ask for it: the thread it belongs to, and how that stands. From what is on record, nothing is asked of OpenCode. */
export interface SessionRecord {
  readonly sessionId: string
  readonly threadId: string
  /** The project channel. */
  readonly channelId: string
  readonly guildId: string
  readonly directory: string
  /** Name of the thread as we gave it last; empty: somebody else named it. */
  readonly title: string
  /** Unix ms: when somebody last wrote to the agent there. */
  readonly updated: number
  readonly state: 'working' | 'asking' | 'idle'
}

/** All that is given must hold. */
export interface SessionFilter {
  /** Of the project, or the one that it works in. */
  readonly directory?: string | undefined
  readonly sessionId?: string | undefined
  readonly threadId?: string | undefined
  /** The ones used last. */
  readonly limit: number
}
