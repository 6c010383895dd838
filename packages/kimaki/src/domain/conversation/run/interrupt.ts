/**
 * A message to a session that works is submitted at once; OpenCode reads it when the running step ends. When the step takes too long, the
 * run stops the step and posts the message again:
 *
 *     delivered ──(limit after it arrived, and still waiting)──▶ interrupting ──aborted──▶ resend ──▶ sending, under the same ids
 *                 ▲                                              │
 *                 └───────────── picked up meanwhile ◀───────────┘
 *
 * Only the newest waiting message is posted again: the run it begins reads the older ones too. Everything that is due follows from the
 * prompts, so a restart forgets no timer. Never interrupted are a summary of the session and a step without its first token: a slow model is no
 * unread message.
 */
import type { HeldBy } from '../feature.ts'
import type { Settings } from '../../settings.ts'
import type { AssistantMessage } from '../../agent.ts'
import { noEffects, updatePrompt, withAction, type Change } from '../change.ts'
import { setAlarm, type Effect } from '../effect.ts'
import { isDelivered, isRecalled, isSending, type DeliveredPrompt } from '../prompt.ts'
import { inTurn, type Conversation } from '../state.ts'
import { isIdle, isPickedUp } from './derive.ts'
import { readSession, type Interrupt, type RunOutcome } from './effects.ts'

/** How soon a step that may not be stopped yet is checked again. */
const CHECK_MS = 100
/**
 * The session is read before the time is up (15 to 55 ms, measured), so that nothing but the stop itself is left to do then. From there to the
 * model it is OpenCode's time but for 5 ms: 20 to 40 ms to stop, 70 to 120 ms to begin.
 */
const READ_AHEAD_MS = 80

/** Asked when a message has been delivered or told, after each reading, and when it is due. */
export function watchWaiting(state: Conversation, at: number, { interruptAfterMs }: Settings): Change {
  const [oldest] = waitingPrompts(state)
  if (!oldest || state.turn.interrupting !== undefined) return noEffects(state)
  return withAction(state, interruptAlarm(untilRead(oldest, at, interruptAfterMs)))
}

export function interruptIfDue(state: Conversation, at: number, settings: Settings, heldBy: HeldBy): Change {
  const waiting = waitingPrompts(state)
  const oldest = waiting[0]
  const newest = waiting.at(-1)
  if (!oldest || !newest || state.session.kind !== 'open' || state.turn.interrupting !== undefined) return noEffects(state)
  if (untilRead(oldest, at, settings.interruptAfterMs) > 0) return watchWaiting(state, at, settings)
  const step = runningStep(state)
  // A prompt on its way would stand before the one that is posted again, and one that is being taken back is not to be posted again.
  const isHeld =
    state.turn.prompts.some((prompt) => isSending(prompt) || isRecalled(prompt)) || heldBy('interrupt', state) !== undefined
  if (!step || isHeld || !mayStop(state, step)) return withAction(state, interruptAlarm(CHECK_MS))
  const { messageId, resends } = newest.phase
  const interrupt: Interrupt = {
    key: `interrupt/${messageId}/${resends}`,
    kind: 'interrupt',
    owner: 'run',
    directory: state.directory,
    session: state.session.id,
    promptId: newest.id,
    messageId,
    stepId: step.id,
    due: at + untilDue(oldest, at, settings.interruptAfterMs),
  }
  return { ...noEffects(inTurn(state, { interrupting: newest.id })), effects: [interrupt] }
}

const interruptAlarm = (delayMs: number) => setAlarm('run', 'interrupt-due', delayMs)

/** Not on record itself: after a restart it follows from the effects that are. */
export const interruptingOf = (effects: readonly Effect[]): string | undefined => effects.findLast(isInterrupt)?.promptId

const isInterrupt = (effect: Effect): effect is Interrupt => effect.kind === 'interrupt'

export function onInterrupted(before: Conversation, { promptId, messageId, stepId }: Interrupt, outcome: RunOutcome): Change {
  // The outcome of an interrupt that belonged to an already closed turn says nothing about this one.
  const state = before.turn.interrupting === promptId ? inTurn(before, { interrupting: undefined }) : before
  const prompt = state.turn.prompts.find(({ id }) => id === promptId)
  if (outcome.kind !== 'aborted' || !prompt || !isDelivered(prompt)) return withAction(state, readSession(0))
  const { parts, resends } = prompt.phase
  const resend = updatePrompt(state, promptId, (known) => ({
    ...known,
    phase: { kind: 'resend', parts, messageId, resends: resends + 1 },
  }))
  return { ...noEffects(resend), events: [{ kind: 'interrupted', by: messageId, step: stepId }] }
}

/** In the session, and no step has begun that could have read it. */
export const waitingPrompts = (state: Conversation): readonly DeliveredPrompt[] =>
  isIdle(state) || !state.turn.isSynced
    ? []
    : state.turn.prompts.filter(isDelivered).filter(({ phase }) => !isPickedUp(state.turn.messages, phase.messageId))

/** Between 0 and the limit: a clock that was set changes at most this one wait. */
const untilDue = ({ acceptedAt }: DeliveredPrompt, at: number, limit: number): number =>
  Math.min(Math.max(acceptedAt + limit - at, 0), limit)

const untilRead = (prompt: DeliveredPrompt, at: number, limit: number): number =>
  Math.max(untilDue(prompt, at, limit) - READ_AHEAD_MS, 0)

const runningStep = (state: Conversation): AssistantMessage | undefined =>
  state.turn.messages.findLast((message): message is AssistantMessage => message.kind === 'assistant')

const mayStop = ({ turn: { status } }: Conversation, { completed, summary, parts }: AssistantMessage): boolean =>
  !summary && completed === undefined && (parts.length > 0 || status.kind === 'retry')
