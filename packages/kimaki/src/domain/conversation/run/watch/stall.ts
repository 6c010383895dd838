/**
 * Ends a run whose model stalls: the session is busy, no tool runs, and OpenCode tells nothing.
 *
 *     a sign of life ──▶ 0 checks ──quarter──▶ 1 ──quarter──▶ 2 ... ──quarter──▶ 5: stopped, and the thread says why
 *
 * Counted in checks a quarter of the limit apart, not in clock time: a clock that jumps, or a machine that slept, stops nobody. The
 * run ends between once and one and a quarter times the limit after the last byte.
 *
 * While the model writes the input of a tool, OpenCode tells nothing of what comes: a slow model may need a quarter of an hour for a file.
 * So the limit is then five times as long.
 */
import type { Settings } from '../../../settings.ts'
import { amongst, endPrompts, noEffects, withAction, type Change } from '../../change.ts'
import { setAlarm } from '../../effect.ts'
import { inTurn, type Conversation } from '../../state.ts'
import { coveredPrompts, isToolBeingCalled, isToolRunning } from '../derive.ts'
import { stopRun } from '../stop.ts'

const CHECKS_A_LIMIT = 4
const LIMITS_FOR_A_CALL = 5

/** Called whenever the session turns out to be busy; asking twice is one check. */
export const watchStall = (state: Conversation, { modelStallMs }: Settings): Change =>
  state.turn.status.kind === 'busy'
    ? withAction(state, setAlarm('run', 'model-stall', modelStallMs / CHECKS_A_LIMIT))
    : noEffects(state)

/** The model has given a sign of life. */
export const notStalled = (state: Conversation): Conversation => inTurn(state, { stallChecks: 0 })

export function checkStall(state: Conversation, settings: Settings): Change {
  if (!waitsForModel(state)) return watchStall(notStalled(state), settings)
  const stallChecks = state.turn.stallChecks + 1
  const limits = isToolBeingCalled(state) ? LIMITS_FOR_A_CALL : 1
  if (stallChecks <= limits * CHECKS_A_LIMIT) return watchStall(inTurn(state, { stallChecks }), settings)
  const reason = { kind: 'stalled', afterMs: limits * settings.modelStallMs } as const
  return stopRun(endPrompts(notStalled(state), amongst(coveredPrompts(state)), { kind: 'failed', reason }))
}

/** While a tool or a subagent runs, or somebody is asked, silence means nothing. */
const waitsForModel = (state: Conversation): boolean =>
  state.turn.status.kind === 'busy' && state.turn.isSynced && coveredPrompts(state).length > 0 && !isToolRunning(state)
