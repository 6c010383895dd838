/**
 * Counts the minutes in which a turn works, where the operator has set a limit (`features/limits/turn-limit.ts` acts on them). Minutes in which
 * a person is asked do not count, nor those of a clock that jumps: only minutes that were waited for.
 */
import type { Settings } from '../../../settings.ts'
import { andThen, noEffects, withAction, type Change } from '../../change.ts'
import { setAlarm } from '../../effect.ts'
import type { HeldBy } from '../../feature.ts'
import { isDelivered } from '../../prompt.ts'
import type { Conversation } from '../../state.ts'
import { isIdle } from '../derive.ts'

const MINUTE_MS = 60_000

export const watchLimit = (state: Conversation, { turnLimitMin }: Settings): Change =>
  turnLimitMin !== undefined && state.turn.prompts.some(isDelivered)
    ? withAction(state, setAlarm('run', 'turn-minute', MINUTE_MS))
    : noEffects(state)

export function countMinute(state: Conversation, settings: Settings, heldBy: HeldBy): Change {
  const { turnLimitMin } = settings
  const first = state.turn.prompts.find(isDelivered)
  if (turnLimitMin === undefined || !first) return noEffects(state)
  const counts = !isIdle(state) && state.turn.isSynced && heldBy('interrupt', state) === undefined
  return andThen(watchLimit(state, settings), (next) => ({
    ...noEffects(next),
    events: counts ? [{ kind: 'run-minute', promptId: first.id, limitMin: turnLimitMin }] : [],
  }))
}
