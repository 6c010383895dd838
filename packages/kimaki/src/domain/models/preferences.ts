/** Which agent and which model answer, as people have chosen it: for a thread, for a channel, for all channels. */
import type { AnsweredBy } from '../agent.ts'

export type ModelChoice = NonNullable<AnsweredBy['model']>

export interface Preference {
  readonly agent?: string
  readonly model?: ModelChoice
}

export interface ChannelPreference extends Preference {
  /** Messages in the channel begin a session only when they mention the bot. */
  readonly mention?: boolean
  /** A conversation that begins in the channel gets a worktree of its own. */
  readonly worktrees?: boolean
}

/** What counts in a channel beside what its threads have chosen for themselves. */
export interface Preferences {
  readonly channel: ChannelPreference
  readonly global: Preference
}

export const NO_PREFERENCES: Preferences = { channel: {}, global: {} }

export type Scope = 'session' | 'channel' | 'global'

/** Undefined: nothing is chosen any more. */
export type PreferenceChange =
  | { readonly name: 'model'; readonly value: ModelChoice | undefined }
  | { readonly name: 'agent'; readonly value: string | undefined }
  | { readonly name: 'mention' | 'worktrees'; readonly value: boolean | undefined }

/** A row: `place` is a channel; undefined: all channels. */
export type StoredPreference = PreferenceChange & { readonly place: string | undefined }

export function changed(known: ChannelPreference, { name, value }: PreferenceChange): ChannelPreference {
  const { [name]: _old, ...others } = known
  return value === undefined ? others : { ...others, [name]: value }
}

const NAMES = ['model', 'agent', 'mention', 'worktrees'] as const

/** What is to be written, where `before` becomes `after`; of what stays the same, nothing: another thread may just be changing it. */
export function preferenceChanges(channelId: string, before: Preferences, after: Preferences): readonly StoredPreference[] {
  if (before === after) return []
  const within = (place: string | undefined, old: ChannelPreference, now: ChannelPreference): readonly StoredPreference[] =>
    NAMES.filter((name) => old[name] !== now[name]).map((name) => ({ place, name, value: now[name] }) as StoredPreference)
  return [...within(channelId, before.channel, after.channel), ...within(undefined, before.global, after.global)]
}
