/** The small, versioned cache of a conversation: what neither the tables nor a snapshot of the session can tell. */
import type { Conversation, RejectedAsk, Retries, Session, Thread } from '../domain/conversation/state.ts'
import type { Verbosity } from '../domain/prefs.ts'

/** Raised whenever the shape below changes: an unknown version is rebuilt from tables. */
export const STATE_VERSION = 1

export interface StateJson {
  readonly install: string
  readonly verbosity: Verbosity
  readonly thread: Thread
  readonly session: Session
  readonly asks: readonly RejectedAsk[]
  readonly retries?: Retries | undefined
  readonly interrupts?: Conversation['interrupts']
  readonly late?: Conversation['late']
  readonly asides?: Conversation['asides']
  readonly commands?: Conversation['commands']
  readonly sealed: Conversation['sealed']
  readonly settledAt: number
  readonly title: Conversation['title']
}

export function toJson(state: Conversation): string {
  const { install, verbosity, thread, session, asks, retries, interrupts, late, asides, sealed, settledAt, title } = state
  const commands = state.commands.map(({ whole: _whole, ...command }) => command)
  const json: StateJson = {
    install,
    verbosity,
    thread,
    session,
    asks,
    retries,
    interrupts,
    late,
    asides,
    commands,
    sealed,
    settledAt,
    title,
  }
  return JSON.stringify(json)
}

export function fromJson(version: number, text: string): StateJson | undefined {
  if (version !== STATE_VERSION) return undefined
  try {
    const json = JSON.parse(text) as StateJson | null
    return json?.thread && json.session ? json : undefined
  } catch {
    return undefined
  }
}
