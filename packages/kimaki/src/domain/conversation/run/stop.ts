/**
 * What a stop by a person ends, keeps and drops. A person ends what the agent has read, under one line that says who stopped it. What the
 * agent has not read yet is kept (and runs next, posted again once the session is idle: OpenCode forgets it) or dropped, as the person
 * chose. The queue goes on either way.
 */
import type { AgentEvent } from '../../agent.ts'
import { amongst, endPrompts, noEffects, type Change } from '../change.ts'
import { isNotSubmitted, type Prompt } from '../prompt.ts'
import type { Conversation } from '../state.ts'
import { coveredPrompts, isIdle, newestUser } from './derive.ts'
import type { Abort } from './effects.ts'
import { waitingPrompts } from './interrupt.ts'
import type { HasStopped } from './recover.ts'

/**
 * A message that is just being submitted is kept in both cases: the agent may have it already. Of a run that was begun elsewhere, in a
 * terminal, no prompt is ours to end, but it is stopped.
 */
export function stopForPerson(state: Conversation, by: string, unread: 'keep' | 'drop'): Change {
  const taken = coveredPrompts(state)
  if (isIdle(state)) return noEffects(unread === 'drop' ? endPrompts(state, isNotSubmitted, { kind: 'stopped-by', by }) : state)
  const waiting = waitingPrompts(state)
  const [isTaken, isWaiting] = [amongst(taken), amongst(waiting)]
  const ends = (prompt: Prompt): boolean =>
    unread === 'keep' ? isTaken(prompt) && !isWaiting(prompt) : isTaken(prompt) || isNotSubmitted(prompt)
  const drop = unread === 'drop' ? waiting.map(({ phase }) => phase.messageId) : []
  return stopRun(endPrompts(state, ends, { kind: 'stopped-by', by }), drop)
}

/**
 * Whom the bot stops has ended before, or waits for a message that is newer than the step. So an answer to the newest message that is told
 * as aborted was stopped by somebody else, and repeating it would be against their will. (Read back after a restart it may be a run that the
 * end of its server broke off.)
 */
export function onStoppedElsewhere(state: Conversation, event: AgentEvent, hasStopped: HasStopped): Conversation {
  if (event.kind !== 'message' || event.message.kind !== 'assistant' || !state.turn.isSynced) return state
  const { failure, parent } = event.message
  if (failure?.name !== 'MessageAbortedError' || parent !== newestUser(state)?.id || hasStopped(state, parent)) return state
  return endPrompts(state, amongst(coveredPrompts(state)), { kind: 'stopped-elsewhere' })
}

export function stopRun(state: Conversation, drop: readonly string[] = []): Change {
  if (state.session.kind !== 'open') return noEffects(state)
  const abort: Abort = {
    // An abort that drops messages is another one than the abort that may be under way without.
    key: ['abort', state.session.id, state.turn.prompts.at(-1)?.id ?? 'idle', ...(drop.length > 0 ? ['drop'] : [])].join('/'),
    kind: 'abort',
    owner: 'run',
    directory: state.directory,
    session: state.session.id,
    ...(drop.length > 0 && { drop }),
  }
  return { ...noEffects(state), effects: [abort] }
}
