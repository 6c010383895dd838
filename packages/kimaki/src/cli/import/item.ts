/** One line of what an import finds. */

export interface ImportItem {
  readonly kind: 'bot' | 'channel' | 'setting' | 'thread' | 'other'
  readonly id: string
  /** What it holds, for people; never a secret. */
  readonly what: string
  /** `known`: it stands here already, or something that people have chosen here stands in its place. */
  readonly verdict: 'take' | 'known' | 'leave'
  /** Why it is left. */
  readonly why?: string
}
