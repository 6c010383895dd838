/**
 * Notices a run that lasts: a person must be able to stop it with one press (`features/stop.ts`). Asked when a prompt is delivered and when
 * the session was read; how long it has lasted follows from the time the session took its first prompt in, so a restart forgets no timer.
 */
import type { Settings } from '../../../settings.ts'
import { noEffects, withAction, type Change } from '../../change.ts'
import { setAlarm } from '../../effect.ts'
import { isDelivered, type DeliveredPrompt } from '../../prompt.ts'
import type { Conversation } from '../../state.ts'
import { isIdle } from '../derive.ts'

/** How soon it is looked again at a run that has lasted long enough, but does not go on just now. */
const CHECK_MS = 1000

export function watchLong(state: Conversation, at: number, settings: Settings): Change {
  const first = state.turn.prompts.find(isDelivered)
  return first ? withAction(state, longAlarm(untilLong(first, at, settings))) : noEffects(state)
}

export function checkLong(state: Conversation, at: number, settings: Settings): Change {
  const first = state.turn.prompts.find(isDelivered)
  // A session that is unread is looked at once it has been read.
  if (!first || !state.turn.isSynced) return noEffects(state)
  if (isIdle(state) || untilLong(first, at, settings) > 0) return watchLong(state, at, settings)
  return { ...noEffects(state), events: [{ kind: 'run-lasts', promptId: first.id }] }
}

const longAlarm = (delayMs: number) => setAlarm('run', 'run-lasts', Math.max(delayMs, CHECK_MS))

/** At most the limit, should the clock have been set back. */
const untilLong = ({ phase }: DeliveredPrompt, at: number, { stopButtonAfterMs }: Settings): number =>
  Math.min(phase.created + stopButtonAfterMs - at, stopButtonAfterMs)
