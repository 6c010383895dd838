/**
 * The session was read: the run replaces the replica, and recognises a run that was cut off.
 *
 * A session that is idle while its newest message has no final answer was cut off - or is just about to begin: OpenCode stores the
 * prompt before it says "busy". A session that lacks a message it had announced has lost it - or is just about to store it. So the first
 * reading of this kind is a suspicion, and only the same reading `SURE_AFTER_MS` later is acted upon.
 */
import type { AgentMessage, AgentPart, Snapshot } from '../../agent.ts'
import { amongst, andThen, endPrompts, noEffects, updatePrompt, withAction, type Change } from '../change.ts'
import type { Input } from '../input.ts'
import { isDelivered, isSending, type Prompt, type PromptEnd, type PromptPhase } from '../prompt.ts'
import { inTurn, type Conversation } from '../state.ts'
import { coveredPrompts, finalAnswer, hasLeftTraces, isHistory, isIdle, newestUser } from './derive.ts'
import { readSession } from './effects.ts'
import { longer, onAgent } from './replica.ts'

/** Has a feature stopped the run that answers this user message? Then its own block says so. */
export type HasStopped = (state: Conversation, userMessageId: string) => boolean

/** Measured gap between the stored message and "busy": up to 40 ms warm, 370 ms in a cold folder on a loaded machine. */
const SURE_AFTER_MS = 1500
const RESENDS_ALLOWED = 3

export function onSnapshot(
  state: Conversation,
  { snapshot, meanwhile, at }: Extract<Input, { kind: 'snapshot' }>,
  hasStopped: HasStopped,
): Change {
  const read: Change = { ...noEffects(replaceReplica(state, snapshot)), events: [{ kind: 'session-read', snapshot }] }
  // Every event is told in order, so telling these again on top of an older reading ends at the newest. (Deltas were kept.)
  const caughtUp = meanwhile
    .filter((event) => event.kind !== 'delta')
    .reduce<Change>((change, event) => andThen(change, (next) => onAgent(next, event)), read)
  return andThen(caughtUp, (next) => judge(next, at, hasStopped))
}

function replaceReplica(state: Conversation, snapshot: Snapshot): Conversation {
  const messages = snapshot.messages
    .filter((message) => !isHistory(state, message))
    .map((message) => grown(state, message))
    // A message that was posted again is told in its old place, and is the newest all the same.
    .toSorted((one, other) => one.created - other.created)
  const created = new Map(messages.map((message) => [message.id, message.created]))
  const prompts = state.turn.prompts.map((prompt): Prompt => {
    const at = isDelivered(prompt) ? created.get(prompt.phase.messageId) : undefined
    return isDelivered(prompt) && at !== undefined ? { ...prompt, phase: { ...prompt.phase, created: at } } : prompt
  })
  return inTurn(state, { messages, prompts, status: snapshot.status, isSynced: true })
}

/** OpenCode reads back a text that still grows as empty. */
function grown(state: Conversation, message: AgentMessage): AgentMessage {
  const known = state.turn.messages.find(({ id }) => id === message.id)
  if (!state.turn.isSynced || message.kind !== 'assistant' || known?.kind !== 'assistant') return message
  const old = new Map(known.parts.map((part) => [part.id, part]))
  return { ...message, parts: message.parts.map((part): AgentPart => longer(old.get(part.id), part)) }
}

function judge(state: Conversation, at: number, hasStopped: HasStopped): Change {
  const lost = firstLost(state)
  const message = lost ?? (looksCut(state) ? newestUser(state)?.id : undefined)
  const cleared = inTurn(state, { suspicion: undefined })
  if (message === undefined) return noEffects(cleared)
  // A newer prompt is on its way and will be answered together with these; posted again now, they would stand behind it.
  if (state.turn.prompts.some(isSending)) return withAction(cleared, readSession(SURE_AFTER_MS))
  const { suspicion } = state.turn
  const isLost = lost !== undefined
  const isSame = suspicion?.message === message && suspicion.isLost === isLost
  // A clock that was set back starts the wait anew.
  const since = isSame && at >= suspicion.since ? suspicion.since : at
  const left = since + SURE_AFTER_MS - at
  if (left > 0) return withAction(inTurn(state, { suspicion: { message, isLost, since } }), readSession(left))
  return noEffects(lost === undefined ? endOrResend(cleared, message, hasStopped) : postAgainFrom(cleared, lost))
}

/** The session is idle, and lacks a message of ours that it had announced. */
function firstLost(state: Conversation): string | undefined {
  if (!isIdle(state)) return undefined
  const known = new Set(state.turn.messages.map(({ id }) => id))
  return state.turn.prompts.filter(isDelivered).find(({ phase }) => !known.has(phase.messageId))?.phase.messageId
}

/**
 * OpenCode announces a message before it is safely stored: killed in between, it has forgotten what we were told it had. Such a message
 * is posted as if for the first time, and those behind it once more, so that they stand in their order. Were it on its way after all,
 * posting it under the same id would change nothing.
 */
function postAgainFrom(state: Conversation, lost: string): Conversation {
  const delivered = state.turn.prompts.filter(isDelivered)
  const from = delivered.slice(delivered.findIndex(({ phase }) => phase.messageId === lost))
  return from.reduce((next, { id, phase: { parts, messageId, resends } }) => {
    const again: PromptPhase = { kind: 'resend', parts, messageId, resends: resends + 1 }
    const gaveUp: PromptPhase = { kind: 'ended', end: { kind: 'failed', reason: { kind: 'gave-up' } } }
    return updatePrompt(next, id, (prompt) => ({ ...prompt, phase: resends < RESENDS_ALLOWED ? again : gaveUp }))
  }, state)
}

/** Idle, with prompts of ours that nobody answers. */
const looksCut = (state: Conversation): boolean => isIdle(state) && !finalAnswer(state) && coveredPrompts(state).length > 0

/**
 * Only the newest message is posted again, under the same ids, and only if its answer has left no traces; one run reads
 * the older ones too. That also picks up a message that waited while the run before it was stopped (OpenCode forgets those).
 */
function endOrResend(state: Conversation, newestId: string, hasStopped: HasStopped): Conversation {
  const end = (how: PromptEnd): Conversation => endPrompts(state, amongst(coveredPrompts(state)), how)
  const delivered = state.turn.prompts.filter(isDelivered)
  // A message that was taken back is not posted again; the one before it is.
  const isEmptied = state.turn.prompts.some(({ recall }) => recall?.kind === 'emptied' && recall.messageId === newestId)
  const newest = isEmptied ? coveredPrompts(state).at(-1) : delivered.find((prompt) => prompt.phase.messageId === newestId)
  const hasTraces = [newestId, newest?.phase.messageId ?? ''].some((id) => hasLeftTraces(state, id))
  if (!newest || hasTraces) return end({ kind: hasStopped(state, newestId) ? 'stopped' : 'interrupted' })
  const { parts, messageId, resends } = newest.phase
  const { failure } = state.turn
  if (failure && (resends > 0 || !failureStands(state))) return end({ kind: 'failed', reason: { kind: 'agent', failure } })
  if (resends >= RESENDS_ALLOWED) return end({ kind: 'failed', reason: { kind: 'gave-up' } })
  return updatePrompt(state, newest.id, (prompt) => ({
    ...prompt,
    phase: { kind: 'resend', parts, messageId, resends: resends + 1 },
  }))
}

/** The failure is that of an earlier message's answer, not of the newest message. */
const failureStands = (state: Conversation): boolean =>
  state.turn.messages.some((message) => message.kind === 'assistant' && message.failure !== undefined)
