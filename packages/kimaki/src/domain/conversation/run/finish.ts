/** The ends of a run: an answer, a failure, or a model that would never come to one. */
import type { HeldBy } from '../feature.ts'
import { amongst, endPrompts, noEffects, type Change } from '../change.ts'
import type { AssistantMessage } from '../../agent.ts'
import { isRecalled } from '../prompt.ts'
import type { Conversation } from '../state.ts'
import { coveredPrompts, finalAnswer, isContextOverflow, isIdle, vainLoop } from './derive.ts'
import { stopRun } from './stop.ts'

/** A failure ends the prompts at once; an answer ends them as soon as no feature holds it back (the footer wants its facts). */
export function finish(state: Conversation, heldBy: HeldBy): Change {
  const over = answerToTell(state)
  // Whether a message was read before it was taken back is told with the answer.
  if (!over || state.turn.prompts.some(isRecalled)) return noEffects(state)
  const { answer, isCovered } = over
  if (answer.failure)
    return noEffects(endPrompts(state, isCovered, { kind: 'failed', reason: { kind: 'agent', failure: answer.failure } }))
  if (heldBy('finish', state) !== undefined) return noEffects(state)
  return noEffects(endPrompts(state, isCovered, { kind: 'answered', by: answer.id }))
}

/** The answer of a run that is over and whose prompts have not ended yet, and when the first of them was created (Unix ms). */
export function answerToTell(
  state: Conversation,
): { readonly answer: AssistantMessage; readonly startedAt: number; readonly isCovered: ReturnType<typeof amongst> } | undefined {
  // Before the thread stands the answer cannot be put on record, and an ended prompt would not be looked at again.
  if (!isIdle(state) || !state.turn.isSynced || state.thread.kind === 'opening') return undefined
  const answer = finalAnswer(state)
  const covered = coveredPrompts(state)
  const [first] = covered
  if (!answer || !first) return undefined
  return { answer, startedAt: first.phase.created, isCovered: amongst(covered) }
}

/** OpenCode itself would go on for ever. */
export function stopEndless(state: Conversation): Change {
  if (isIdle(state)) return noEffects(state)
  const reason = vainLoop(state) ?? (isContextOverflow(state) ? { kind: 'context-overflow' as const } : undefined)
  const covered = reason ? coveredPrompts(state) : []
  if (!reason || covered.length === 0) return noEffects(state)
  return stopRun(endPrompts(state, amongst(covered), { kind: 'failed', reason }))
}
