/**
 * A terminal may work in the session: another process on the same database, of which no server of ours tells. What it has asked and not
 * yet answered stands in the messages alone. Until that is answered the session counts as busy (`elsewhere`): its turn stays open, and no
 * prompt is submitted, because two processes would run one session at once.
 */
import type { AgentMessage, AgentPart, LastWritten, Snapshot, UserMessage } from '../../../agent.ts'
import type { Settings } from '../../../settings.ts'
import type { Input } from '../../input.ts'
import { messageIdOf } from '../../prompt.ts'
import type { Conversation } from '../../state.ts'

/** Has somebody, or has time, decided that nobody waits for what this message asked a terminal? */
export type IsPassed = (state: Conversation, userMessageId: string) => boolean

export interface Around {
  readonly settings: Settings
  readonly isPassed: IsPassed
}

type Read = Extract<Input, { kind: 'snapshot' }>

/** The same reading, with the state of the session as it is over all processes. */
export function seenElsewhere(state: Conversation, read: Read, { settings, isPassed }: Around): Read {
  const { snapshot } = read
  if (!settings.mirrorsTerminals) return { ...read, snapshot: { ...snapshot, messages: snapshot.messages.map(withoutWords) } }
  if (snapshot.status.kind !== 'idle') return read
  const asked = askedElsewhere(state, snapshot)
  if (!asked || isStale(snapshot, read.at) || isPassed(state, asked.id)) return read
  return { ...read, snapshot: { ...snapshot, status: { kind: 'elsewhere' } } }
}

function withoutWords(message: AgentMessage): AgentMessage {
  if (message.kind !== 'user') return message
  const { words: _words, ...rest } = message
  return rest
}

/** Is a terminal's run under way that began with this message? Asked at the last moment before a prompt is submitted. */
export const runsElsewhere = (state: Conversation, last: LastWritten, at: number): boolean =>
  last.words !== '' && !last.isAnswered && at - last.updated < SILENT_MS && isForeign(state, last)

/** A terminal that stores nothing for so long counts as closed. */
export const SILENT_MS = 10 * 60_000
/** A step that began so long ago may be one that a terminal has left behind: when its parts were stored no snapshot tells. */
const STALE_MS = 3 * SILENT_MS

const isStale = ({ messages }: Snapshot, at: number): boolean => at - (messages.at(-1)?.created ?? 0) > STALE_MS

/** A terminal has written something new, or goes on with what it was asked. */
export const wasWrittenElsewhere = (state: Conversation, { last }: { readonly last: LastWritten }): boolean =>
  state.thread.kind === 'open' && (state.turn.status.kind === 'elsewhere' || isForeign(state, last))

/** Written by somebody, and not by us. */
export const isOfTerminal = (state: Conversation, message: UserMessage): message is UserMessage & { readonly words: string } =>
  (message.words ?? '') !== '' && isForeign(state, message)

/** Messages without words are OpenCode's own, which sums up a full context and goes on. */
function askedElsewhere(state: Conversation, { messages }: Snapshot): UserMessage | undefined {
  const users = messages.filter((message) => message.kind === 'user')
  const newest = users.at(-1)
  if (!newest || isAnswered(messages, newest.id)) return undefined
  const asked = users.findLast((message) => message.words !== undefined || !isForeign(state, message))
  return asked && isOfTerminal(state, asked) ? asked : undefined
}

/** Of the open turn, and of no prompt of ours, whose ids are derived. */
function isForeign({ install, session, closedUpTo, turn }: Conversation, { id, created }: UserMessage | LastWritten): boolean {
  const copied = session.kind === 'open' ? (session.copiedUpTo ?? 0) : 0
  if (created <= Math.max(closedUpTo, copied)) return false
  return session.kind === 'open' && !turn.prompts.some((prompt) => messageIdOf(install, session.id, prompt.id) === id)
}

/** A run that a terminal stopped has its error, and one of a shell command no reason why it ended. */
export function isAnswered(messages: readonly AgentMessage[], userId: string): boolean {
  const last = messages.findLast((message) => message.kind === 'assistant' && message.parent === userId)
  if (last?.kind !== 'assistant') return false
  if (last.failure) return true
  return last.finish === undefined ? last.completed !== undefined : last.finish !== 'tool-calls' && last.finish !== 'unknown'
}

/** Changes with each sign of life. */
export const signsOf = (messages: readonly AgentMessage[]): string =>
  messages.map((message) => (message.kind === 'user' ? message.id : message.parts.map(signOf).join())).join(' ')

const signOf = (part: AgentPart): string =>
  part.kind === 'tool' ? part.state : `${'text' in part ? part.text.length : part.name}`
