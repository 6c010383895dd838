/**
 * A message to a session that works is handed over at once; OpenCode reads it when the running step ends. When that takes too long, the
 * step is stopped and the message posted again (decision 5):
 *
 *     seen ──(limit after it arrived, and still waiting)──▶ interrupting ──aborted──▶ cut ──▶ handing, under the same ids
 *                 ▲                                              │
 *                 └───────────── picked up meanwhile ◀───────────┘
 *
 * Only the newest waiting message is posted again: the run it begins reads the older ones too. Nothing is due in the state but what
 * follows from the prompts, so a restart forgets no timer. Not interrupted are a summary of the session and a step without its first
 * token: that is a slow model, not an unread message.
 */
import type { Settings } from '../settings.ts'
import { unchanged, updatePrompt, type Change } from './change.ts'
import type { Effect, Outcome } from './effect.ts'
import { isSeen, type SeenPrompt } from './prompt.ts'
import { isIdle, isPickedUp } from './run.ts'
import type { AssistantMessage } from './agent.ts'
import type { Conversation } from './state.ts'

/** How soon a step that may not be stopped yet is looked at again. */
const LOOK_MS = 100
/**
 * The session is read before the time is up (15 to 55 ms, measured), so that nothing but the stop itself is left to do then. From there to the
 * model it is OpenCode's time but for 5 ms: 20 to 40 ms to stop, 70 to 120 ms to begin.
 */
const READ_AHEAD_MS = 80

/** Asked when a message has been handed over or told, after each reading, and when it is due. */
export function watchWaiting(state: Conversation, at: number, { interruptAfterMs }: Settings): Change {
  const [oldest] = waitingPrompts(state)
  if (!oldest || state.interrupting !== undefined) return unchanged(state)
  return { ...unchanged(state), hints: [{ kind: 'wake', why: 'waiting', delayMs: untilRead(oldest, at, interruptAfterMs) }] }
}

export function interruptIfDue(state: Conversation, at: number, settings: Settings): Change {
  const waiting = waitingPrompts(state)
  const [oldest, newest] = [waiting[0], waiting.at(-1)]
  if (!oldest || !newest || state.session.kind !== 'open' || state.interrupting !== undefined) return unchanged(state)
  if (untilRead(oldest, at, settings.interruptAfterMs) > 0) return watchWaiting(state, at, settings)
  const step = runningStep(state)
  // One that is on its way would stand before what is posted again.
  const handing = state.prompts.some(({ phase }) => phase.kind === 'handing')
  if (!step || handing || !mayStop(state, step))
    return { ...unchanged(state), hints: [{ kind: 'wake', why: 'waiting', delayMs: LOOK_MS }] }
  const { messageId, resends } = newest.phase
  return {
    state: { ...state, interrupting: newest.id },
    effects: [
      {
        key: `interrupt/${messageId}/${resends}`,
        kind: 'interrupt',
        directory: state.directory,
        session: state.session.id,
        promptId: newest.id,
        messageId,
        stepId: step.id,
        due: at + untilDue(oldest, at, settings.interruptAfterMs),
      },
    ],
    hints: [],
  }
}

/** Not on record itself: after a restart it follows from the effects that are. */
export const interruptingOf = (effects: readonly Effect[]): string | undefined =>
  effects.findLast((effect) => effect.kind === 'interrupt')?.promptId

export function onInterrupted(
  before: Conversation,
  { promptId, messageId, stepId }: Extract<Effect, { kind: 'interrupt' }>,
  outcome: Outcome,
): Change {
  // That of a turn that was settled meanwhile says nothing about the one that is being stopped now.
  const state: Conversation = before.interrupting === promptId ? { ...before, interrupting: undefined } : before
  const prompt = state.prompts.find(({ id }) => id === promptId)
  if (outcome.kind !== 'aborted' || !prompt || !isSeen(prompt))
    return { ...unchanged(state), hints: [{ kind: 'read-session', delayMs: 0 }] }
  const { parts, resends } = prompt.phase
  const cut = updatePrompt(state, promptId, (one) => ({
    ...one,
    phase: { kind: 'cut', parts, messageId, resends: resends + 1 },
  }))
  return unchanged({ ...cut, interrupts: [...cut.interrupts, { by: messageId, step: stepId }] })
}

/** In the session, and no step has begun that could have read it. */
export const waitingPrompts = (state: Conversation): readonly SeenPrompt[] =>
  isIdle(state) || !state.mirrored
    ? []
    : state.prompts.filter(isSeen).filter(({ phase }) => !isPickedUp(state.messages, phase.messageId))

/** Between 0 and the limit: a clock that was set changes at most this one wait. */
const untilDue = ({ acceptedAt }: SeenPrompt, at: number, limit: number): number =>
  Math.min(Math.max(acceptedAt + limit - at, 0), limit)

const untilRead = (prompt: SeenPrompt, at: number, limit: number): number =>
  Math.max(untilDue(prompt, at, limit) - READ_AHEAD_MS, 0)

const runningStep = (state: Conversation): AssistantMessage | undefined =>
  state.messages.findLast((message): message is AssistantMessage => message.kind === 'assistant')

const mayStop = ({ status }: Conversation, { completed, summary, parts }: AssistantMessage): boolean =>
  !summary && completed === undefined && (parts.length > 0 || status.kind === 'retry')
