/**
 * The session was read: the mirror is replaced, and a run that was cut off is recognised.
 *
 * A session that is idle while its newest message has no final answer was cut off - or is just about to begin: OpenCode stores the
 * prompt before it says "busy". One that lacks a message it had announced has lost it - or is just about to store it. So the first such
 * sight is a suspicion, and only the same sight `SURE_AFTER_MS` later is acted upon.
 */
import type { AgentMessage, AgentPart, Snapshot } from './agent.ts'
import { endTogether, followedBy, unchanged, updatePrompt, type Change } from './change.ts'
import type { Input } from './input.ts'
import { longer, onAgent, onTitle, retriesAfter } from './on-agent.ts'
import { isSeen, type Prompt, type PromptEnd, type PromptPhase } from './prompt.ts'
import { coveredPrompts, finalAnswer, isHistory, isIdle, newestUser, hasLeftTraces } from './run.ts'
import type { Conversation } from './state.ts'

/** Measured gap between the stored message and "busy": up to 40 ms warm, 370 ms in a cold folder on a loaded machine. */
const SURE_AFTER_MS = 1500
const RESENDS_ALLOWED = 3

export function onSnapshot(state: Conversation, { snapshot, meanwhile, at }: Extract<Input, { kind: 'snapshot' }>): Change {
  const { title } = snapshot
  const read = followedBy(unchanged(mirror(state, snapshot)), (next) =>
    title === undefined ? unchanged(next) : onTitle(next, title),
  )
  // Every event is told in order, so telling these again on top of an older reading ends at the newest. (Deltas were kept.)
  const caughtUp = meanwhile
    .filter((event) => event.kind !== 'delta')
    .reduce<Change>((change, event) => followedBy(change, (next) => onAgent(next, event)), read)
  return followedBy(caughtUp, (next) => judge(next, at))
}

function mirror(state: Conversation, snapshot: Snapshot): Conversation {
  const messages = snapshot.messages.filter((message) => !isHistory(state, message)).map((message) => grown(state, message))
  const created = new Map(messages.map((message) => [message.id, message.created]))
  const prompts = state.prompts.map((prompt): Prompt => {
    const at = isSeen(prompt) ? created.get(prompt.phase.messageId) : undefined
    return isSeen(prompt) && at !== undefined ? { ...prompt, phase: { ...prompt.phase, created: at } } : prompt
  })
  const mirrored = { ...state, messages, prompts, status: snapshot.status, mirrored: true }
  return { ...mirrored, retries: retriesAfter(mirrored, snapshot.status) }
}

/** OpenCode reads back a text that still grows as empty. */
function grown(state: Conversation, message: AgentMessage): AgentMessage {
  const known = state.messages.find(({ id }) => id === message.id)
  if (!state.mirrored || message.kind !== 'assistant' || known?.kind !== 'assistant') return message
  const old = new Map(known.parts.map((part) => [part.id, part]))
  return { ...message, parts: message.parts.map((part): AgentPart => longer(old.get(part.id), part)) }
}

function judge(state: Conversation, at: number): Change {
  const [lost, cut] = [firstLost(state), looksCut(state) ? newestUser(state)?.id : undefined]
  const message = lost ?? cut
  if (message === undefined) return unchanged({ ...state, suspect: undefined })
  // A newer one is on its way and will be answered together with these; were they posted again now, they would stand behind it.
  if (state.prompts.some(({ phase }) => phase.kind === 'handing'))
    return lookAgain({ ...state, suspect: undefined }, SURE_AFTER_MS)
  const { suspect } = state
  const isSame = suspect?.message === message && suspect.lost === (lost !== undefined)
  // A clock that was set back starts the wait anew.
  const since = isSame && at >= suspect.since ? suspect.since : at
  const left = since + SURE_AFTER_MS - at
  if (left > 0) return lookAgain({ ...state, suspect: { message, lost: lost !== undefined, since } }, left)
  const sure: Conversation = { ...state, suspect: undefined }
  return unchanged(lost === undefined ? endOrResend(sure, message) : postAgainFrom(sure, lost))
}

const lookAgain = (state: Conversation, delayMs: number): Change => ({
  ...unchanged(state),
  hints: [{ kind: 'read-session', delayMs }],
})

/** Idle, and without a message of ours that it had announced. */
function firstLost(state: Conversation): string | undefined {
  if (!isIdle(state)) return undefined
  const known = new Set(state.messages.map(({ id }) => id))
  return state.prompts.filter(isSeen).find(({ phase }) => !known.has(phase.messageId))?.phase.messageId
}

/**
 * OpenCode announces a message before it is safely stored: killed in between, it has forgotten what we were told it had. Such a message
 * is posted as if for the first time, and those behind it once more, so that they stand in their order. Were it on its way after all,
 * posting it under the same id would change nothing.
 */
function postAgainFrom(state: Conversation, lost: string): Conversation {
  const seen = state.prompts.filter(isSeen)
  const from = seen.slice(seen.findIndex(({ phase }) => phase.messageId === lost))
  return from.reduce((next, { id, phase: { parts, messageId, resends } }) => {
    const again: PromptPhase = { kind: 'cut', parts, messageId, resends: resends + 1 }
    const gaveUp: PromptPhase = { kind: 'ended', end: { kind: 'failed', reason: { kind: 'gave-up' } } }
    return updatePrompt(next, id, (prompt) => ({ ...prompt, phase: resends < RESENDS_ALLOWED ? again : gaveUp }))
  }, state)
}

/** Idle, with prompts of ours that nobody answers. */
const looksCut = (state: Conversation): boolean => isIdle(state) && !finalAnswer(state) && coveredPrompts(state).length > 0

/**
 * Decision 6: only the newest message is posted again, under the same ids, and only if its answer has left no traces; one run reads
 * the older ones too. That also picks up a message that waited while the run before it was stopped (OpenCode forgets those).
 */
function endOrResend(state: Conversation, newestId: string): Conversation {
  const covered = new Set(coveredPrompts(state).map(({ id }) => id))
  const end = (how: PromptEnd): Conversation => endTogether(state, ({ id }) => covered.has(id), how)
  const newest = state.prompts.filter(isSeen).find((prompt) => prompt.phase.messageId === newestId)
  if (!newest || hasLeftTraces(state, newestId))
    return end(
      state.asks.some(({ during, expired }) => during === newestId && !expired) ? { kind: 'stopped' } : { kind: 'interrupted' },
    )
  const { parts, messageId, resends } = newest.phase
  if (state.failure && (resends > 0 || !failureStands(state)))
    return end({ kind: 'failed', reason: { kind: 'agent', failure: state.failure } })
  if (resends >= RESENDS_ALLOWED) return end({ kind: 'failed', reason: { kind: 'gave-up' } })
  return updatePrompt(state, newest.id, (prompt) => ({
    ...prompt,
    phase: { kind: 'cut', parts, messageId, resends: resends + 1 },
  }))
}

/** The failure is that of an earlier message's answer, not of the newest message. */
const failureStands = (state: Conversation): boolean =>
  state.messages.some((message) => message.kind === 'assistant' && message.failure !== undefined)
