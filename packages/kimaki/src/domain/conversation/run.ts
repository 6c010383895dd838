/**
 * What the mirrored messages say about the run: derived each time, never stored (decisions 4 and 6).
 *
 * The session's newest user message is the one the agent answers last; several waiting ones are read together, and only the
 * newest is the answer's parent. A run is over when the session is idle and that message has a final answer or error.
 */
import type { AgentMessage, AssistantMessage, AgentPart, UserMessage } from './agent.ts'
import { isSeen, type SeenPrompt } from './prompt.ts'
import type { Conversation } from './state.ts'

/** Model answers without any content in a row before the run is stopped: OpenCode itself would go on for ever, 13 a second. */
const EMPTY_ANSWERS_ALLOWED = 4

/** Summaries in a row, without a word of an answer between them, before the run is stopped. */
const SUMMARIES_ALLOWED = 3

export const isIdle = (state: Conversation): boolean => state.status.kind === 'idle'

/** Settled long ago - unless the clock was set back, and it belongs to a prompt that is still open. */
export function isHistory(state: Conversation, message: UserMessage | Omit<AssistantMessage, 'parts'>): boolean {
  if (message.created > state.settledAt) return false
  const asked = message.kind === 'user' ? message.id : message.parent
  return !state.prompts.some(({ phase }) => 'messageId' in phase && phase.messageId === asked)
}

export function newestUser(state: Conversation): UserMessage | undefined {
  return state.messages.findLast((message) => message.kind === 'user')
}

/** The user message the running step belongs to; between two steps the newest one. */
export function questionUnderWay(state: Conversation): string | undefined {
  const step = state.messages.findLast((message) => message.kind === 'assistant')
  return step?.kind === 'assistant' && step.completed === undefined ? step.parent : newestUser(state)?.id
}

function answersTo(state: Conversation, userId: string): readonly AssistantMessage[] {
  return state.messages.filter(
    (message) => message.kind === 'assistant' && message.parent === userId,
  ) as readonly AssistantMessage[]
}

/** The answer that ended the run, whether the run's end has been told yet or not. */
export function finalAnswer(state: Conversation): AssistantMessage | undefined {
  const newest = newestUser(state)
  return newest && answersTo(state, newest.id).findLast(isFinal)
}

function isFinal(message: AssistantMessage): boolean {
  if (message.failure) return message.failure.name !== 'MessageAbortedError'
  // Its server may have died between the last word and the note that it was complete.
  if (message.finish === undefined) return false
  if (message.finish === 'unknown') return hasContent(message)
  return message.finish !== 'tool-calls'
}

/** A step has begun that could read this message: its parent is the message or a later one (decision 4). */
export function isPickedUp(messages: readonly AgentMessage[], messageId: string): boolean {
  const at = messages.findIndex(({ id }) => id === messageId)
  const later = new Set(messages.slice(Math.max(at, 0)).map(({ id }) => id))
  return at === -1 || messages.some((message) => message.kind === 'assistant' && !message.summary && later.has(message.parent))
}

/** Prompts the newest user message's answer covers: all that the session took in up to it, and still has. */
export function coveredPrompts(state: Conversation): readonly SeenPrompt[] {
  const newest = newestUser(state)
  const known = new Set(state.messages.map(({ id }) => id))
  return newest
    ? state.prompts.filter(isSeen).filter(({ phase }) => phase.created <= newest.created && known.has(phase.messageId))
    : []
}

/**
 * A tool began in the answer to this message, or its words stand in the thread: what it did cannot be known, and what it said would
 * be said twice, so the message is never run again by itself.
 */
export const hasLeftTraces = (state: Conversation, userId: string): boolean =>
  answersTo(state, userId).some(({ parts }) => parts.some((part) => isStarted(part) || isShown(state, part)))

const isStarted = (part: AgentPart): boolean => part.kind === 'tool' && part.state !== 'pending'
const isShown = ({ posted }: Conversation, part: AgentPart): boolean => part.kind === 'text' && posted.has(`part/${part.id}`)

export const isToolRunning = (state: Conversation): boolean =>
  state.messages.some(
    (message) => message.kind === 'assistant' && message.parts.some((part) => part.kind === 'tool' && part.state === 'running'),
  )

/** Something of ours is in the session, and nothing shows that anybody works on it. */
export function isQuiet(state: Conversation): boolean {
  const known = new Set(state.messages.map(({ id }) => id))
  const seen = state.prompts.filter(isSeen)
  return seen.some((prompt) => !known.has(prompt.phase.messageId)) || (seen.length > 0 && isIdle(state) && !finalAnswer(state))
}

/** The model says nothing, over and over. */
export function isRunaway(state: Conversation): boolean {
  const newest = newestUser(state)
  if (!newest) return false
  const answers = answersTo(state, newest.id).filter((message) => message.completed !== undefined)
  return (
    answers.length >= EMPTY_ANSWERS_ALLOWED &&
    answers.slice(-EMPTY_ANSWERS_ALLOWED).every((message) => message.finish === 'unknown' && !hasContent(message))
  )
}

/** The context is full again as soon as it has been summed up: OpenCode itself would go on for ever, three times a second. */
export function isOverfull(state: Conversation): boolean {
  const asked = coveredPrompts(state).at(-1)?.phase.created
  if (asked === undefined) return false
  const answers = state.messages.filter(
    (message) => message.kind === 'assistant' && message.created >= asked,
  ) as readonly AssistantMessage[]
  const since = answers.slice(answers.findLastIndex((message) => !message.summary && hasContent(message)) + 1)
  return since.filter((message) => message.summary && message.completed !== undefined).length >= SUMMARIES_ALLOWED
}

/** The agent works on something of ours (or is about to): what the typing indicator shows. */
export function isWorking(state: Conversation): boolean {
  return state.thread.kind !== 'gone' && state.prompts.some((prompt) => prompt.phase.kind !== 'ended')
}

const hasContent = (message: AssistantMessage): boolean =>
  message.parts.some((part) => hasText(part) || part.kind === 'tool' || part.kind === 'file')
const hasText = (part: AgentPart): boolean => (part.kind === 'text' || part.kind === 'reasoning') && part.text.trim() !== ''
