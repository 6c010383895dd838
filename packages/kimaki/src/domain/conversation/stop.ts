/**
 * A person ends the run: what the agent has read ends with it, under one line that says who stopped it. What it has not read yet is kept
 * (and runs next, posted again once the session is idle: OpenCode forgets it) or dropped, as the person chose. The queue goes on either way.
 */
import { endTogether, unchanged, type Change } from './change.ts'
import { waitingPrompts } from './interrupt.ts'
import { stopRun } from './on-outcome.ts'
import { isNotHandedOver, type Prompt } from './prompt.ts'
import { coveredPrompts, isIdle } from './run.ts'
import type { Conversation } from './state.ts'

/** A message that is just being handed over is kept in both cases: the agent may have it already. */
export function stopForPerson(state: Conversation, by: string, unread: 'keep' | 'drop'): Change {
  if (isIdle(state)) return unchanged(state)
  const taken = new Set(coveredPrompts(state).map(({ id }) => id))
  const waiting = waitingPrompts(state)
  const unreadIds = new Set(waiting.map(({ id }) => id))
  if (taken.size === 0) return unchanged(state)
  const ends = (prompt: Prompt): boolean =>
    unread === 'keep' ? taken.has(prompt.id) && !unreadIds.has(prompt.id) : taken.has(prompt.id) || isNotHandedOver(prompt)
  const drop = unread === 'drop' ? waiting.map(({ phase }) => phase.messageId) : []
  return stopRun(endTogether(state, ends, { kind: 'stopped-by', by }), drop)
}
