/**
 * What the replica says about the run: derived each time, never stored (docs/decisions/0001).
 *
 * The session's newest user message is the one the agent answers last; several waiting ones are read together, and only the
 * newest is the answer's parent. A run is over when the session is idle and that message has a final answer or error.
 */
import { isBlank } from '../../../base/text.ts'
import type { AgentMessage, AssistantMessage, AgentPart, UserMessage } from '../../agent.ts'
import { blockKey } from '../posts/block-key.ts'
import { isDelivered, isLive, type DeliveredPrompt, type FailReason } from '../prompt.ts'
import type { Conversation } from '../state.ts'

/** Steps without progress in a row before the run is stopped: OpenCode itself would go on for ever, 13 a second. */
const VAIN_STEPS_ALLOWED = 4

/** Summaries in a row, without a word of an answer between them, before the run is stopped. */
const SUMMARIES_ALLOWED = 3

export const isIdle = (state: Conversation): boolean => state.turn.status.kind === 'idle'

/** The turn of this message was closed - unless the clock was set back, and the message belongs to a prompt that is still open. */
export function isHistory(state: Conversation, message: UserMessage | Omit<AssistantMessage, 'parts'>): boolean {
  if (message.created > state.closedUpTo) return false
  const asked = message.kind === 'user' ? message.id : message.parent
  return !state.turn.prompts.some(({ phase }) => 'messageId' in phase && phase.messageId === asked)
}

/** The newest one that the agent has to answer. A summary that was asked for, and is written, answers nothing that stands before it. */
export function newestUser(state: Conversation): UserMessage | undefined {
  const { messages } = state.turn
  const vain = vainMessages(state)
  const isSummedUp = (id: string): boolean =>
    messages.some((message) => message.kind === 'assistant' && message.parent === id && isWrittenSummary(message))
  return messages.findLast(
    (message): message is UserMessage => message.kind === 'user' && !vain.has(message.id) && !isSummedUp(message.id),
  )
}

const isWrittenSummary = ({ summary, failure, completed }: AssistantMessage): boolean =>
  summary && failure === undefined && completed !== undefined

/**
 * Messages that were taken back, and that no answer is for: all before them is answered. OpenCode takes one for a question all the same, and
 * asks the model once more. (A step that goes on with the work for a message before them belongs to that work.)
 */
export function vainMessages({ turn }: Conversation): ReadonlySet<string> {
  const emptied = new Set<string>()
  for (const { recall } of turn.prompts) if (recall?.kind === 'emptied') emptied.add(recall.messageId)
  if (emptied.size === 0) return emptied
  let asked: UserMessage | undefined
  for (const message of turn.messages) {
    if (message.kind !== 'user') continue
    const isOpen = asked !== undefined && !hasFinal(turn.messages, asked.id)
    if (emptied.has(message.id) && !isOpen) continue
    emptied.delete(message.id)
    asked = message
  }
  return emptied
}

const hasFinal = (messages: readonly AgentMessage[], userId: string): boolean =>
  messages.some((message) => message.kind === 'assistant' && message.parent === userId && isFinal(message))

/** The user message the running step belongs to; between two steps the newest one. */
export function promptUnderWay(state: Conversation): string | undefined {
  const step = state.turn.messages.findLast((message) => message.kind === 'assistant')
  return step?.kind === 'assistant' && step.completed === undefined ? step.parent : newestUser(state)?.id
}

const isAssistant = (message: AgentMessage): message is AssistantMessage => message.kind === 'assistant'

const answersTo = (state: Conversation, userId: string): readonly AssistantMessage[] =>
  state.turn.messages.filter(isAssistant).filter(({ parent }) => parent === userId)

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

/** Its final answer was written to the end: to stop the run now takes nothing from it. */
export const isComplete = (state: Conversation, userId: string): boolean =>
  answersTo(state, userId).some((message) => isFinal(message) && message.completed !== undefined)

/** A step has begun that could read this message: its parent is the message or a later one. */
export function isPickedUp(messages: readonly AgentMessage[], messageId: string): boolean {
  const at = messages.findIndex(({ id }) => id === messageId)
  const later = new Set(messages.slice(Math.max(at, 0)).map(({ id }) => id))
  return at === -1 || messages.some((message) => message.kind === 'assistant' && !message.summary && later.has(message.parent))
}

/** Prompts the newest user message's answer covers: all that the session took in up to it, and still has. */
export function coveredPrompts(state: Conversation): readonly DeliveredPrompt[] {
  const newest = newestUser(state)
  const isKnown = (messageId: string): boolean => state.turn.messages.some(({ id }) => id === messageId)
  return newest
    ? state.turn.prompts.filter(isDelivered).filter(({ phase }) => phase.created <= newest.created && isKnown(phase.messageId))
    : []
}

/**
 * A tool began in the answer to this message, or its words stand in the thread: what it did cannot be known, and what it said would
 * be said twice, so the message is never run again by itself.
 */
export const hasLeftTraces = (state: Conversation, userId: string): boolean =>
  answersTo(state, userId).some(({ parts }) => parts.some((part) => isStarted(part) || isShown(state, part)))

const isStarted = (part: AgentPart): boolean => part.kind === 'tool' && part.state !== 'pending'
const isShown = ({ posts }: Conversation, part: AgentPart): boolean =>
  part.kind === 'text' && posts.posted.has(blockKey('part', part.id))

export const isToolRunning = (state: Conversation): boolean =>
  state.turn.messages.some(
    (message) => message.kind === 'assistant' && message.parts.some((part) => part.kind === 'tool' && part.state === 'running'),
  )

/** The model writes the input of a tool, of which OpenCode tells nothing until it is whole. */
export function isToolBeingCalled(state: Conversation): boolean {
  const step = state.turn.messages.findLast(isAssistant)
  return step?.completed === undefined && (step?.parts.some((part) => part.kind === 'tool' && part.state === 'pending') ?? false)
}

/** Something of ours is in the session, and nothing shows that anybody works on it. */
export function isQuiet(state: Conversation): boolean {
  const known = new Set(state.turn.messages.map(({ id }) => id))
  const seen = state.turn.prompts.filter(isDelivered)
  return seen.some((prompt) => !known.has(prompt.phase.messageId)) || (seen.length > 0 && isIdle(state) && !finalAnswer(state))
}

/** Why the newest steps come to nothing, where OpenCode would go on all the same. */
export function vainLoop(state: Conversation): FailReason | undefined {
  const newest = newestUser(state)
  if (!newest) return undefined
  const steps = answersTo(state, newest.id).filter((message) => message.completed !== undefined)
  const last = steps.slice(-VAIN_STEPS_ALLOWED)
  if (last.length < VAIN_STEPS_ALLOWED) return undefined
  if (last.every(isWithoutEnd)) return last.some(hasContent) ? { kind: 'endless-answer' } : { kind: 'empty-loop' }
  const [first = '', ...others] = last.map(failedCalls)
  const [tool] = last.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'tool' ? [part.tool] : [])))
  return tool !== undefined && first !== '' && others.every((calls) => calls === first)
    ? { kind: 'repeated-failure', tool }
    : undefined
}

/** OpenCode asks again after `unknown`, and after `tool-calls` also where no tool was called. */
const isWithoutEnd = ({ finish, parts, failure }: AssistantMessage): boolean =>
  failure === undefined && (finish === 'unknown' || finish === 'tool-calls') && !parts.some(({ kind }) => kind === 'tool')

/** What a step did, if all of it failed; else ''. */
function failedCalls({ parts }: AssistantMessage): string {
  const calls = parts.filter((part) => part.kind === 'tool')
  return calls.every(({ state }) => state === 'error') ? calls.map(({ tool, input }) => JSON.stringify([tool, input])).join() : ''
}

/** The context is full again as soon as it has been summed up: OpenCode itself would go on for ever, three times a second. */
export function isContextOverflow(state: Conversation): boolean {
  const asked = coveredPrompts(state).at(-1)?.phase.created
  if (asked === undefined) return false
  const answers = state.turn.messages.filter(isAssistant).filter(({ created }) => created >= asked)
  // This is asked for each piece of an answer, whose words must not be read each time.
  if (!answers.at(-1)?.summary) return false
  const since = answers.slice(answers.findLastIndex((message) => !message.summary && hasContent(message)) + 1)
  return since.filter(isSummedUp).length >= SUMMARIES_ALLOWED
}

const isSummedUp = ({ summary, completed }: AssistantMessage): boolean => summary && completed !== undefined

/** The agent works on something of ours (or is about to): what the typing indicator shows. */
export function isWorking(state: Conversation): boolean {
  return state.thread.kind !== 'gone' && state.turn.prompts.some(isLive)
}

const hasContent = (message: AssistantMessage): boolean =>
  message.parts.some((part) => hasText(part) || part.kind === 'tool' || part.kind === 'file')
const hasText = (part: AgentPart): boolean => (part.kind === 'text' || part.kind === 'reasoning') && !isBlank(part.text)
