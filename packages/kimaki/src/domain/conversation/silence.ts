/**
 * A model that hangs: the session is busy, no tool runs, and nothing is heard.
 *
 *     heard ──▶ 0 looks ──quarter──▶ 1 ──quarter──▶ 2 ... ──quarter──▶ 5: stopped, and the thread says why
 *
 * Counted in looks a quarter of the limit apart, not in clock time: a clock that jumps, or a machine that slept, stops nobody. The
 * run ends between once and one and a quarter times the limit after the last byte.
 */
import type { Settings } from '../settings.ts'
import { endTogether, unchanged, type Change } from './change.ts'
import { stopRun } from './on-outcome.ts'
import { coveredPrompts, isToolRunning } from './run.ts'
import type { Conversation } from './state.ts'

const LOOKS_A_LIMIT = 4

/** Called whenever the session turns out to be busy; asking twice is one look. */
export const watchSilence = (state: Conversation, { modelStallMs }: Settings): Change => ({
  ...unchanged(state),
  hints: state.status.kind === 'busy' ? [{ kind: 'wake', why: 'silence', delayMs: modelStallMs / LOOKS_A_LIMIT }] : [],
})

export const heard = (state: Conversation): Conversation => (state.silentLooks === 0 ? state : { ...state, silentLooks: 0 })

export function lookForSilence(state: Conversation, settings: Settings): Change {
  if (!waitsForModel(state)) return watchSilence(heard(state), settings)
  const silentLooks = state.silentLooks + 1
  if (silentLooks <= LOOKS_A_LIMIT) return watchSilence({ ...state, silentLooks }, settings)
  const covered = new Set(coveredPrompts(state).map(({ id }) => id))
  const reason = { kind: 'silent', afterMs: settings.modelStallMs } as const
  return stopRun(endTogether(heard(state), ({ id }) => covered.has(id), { kind: 'failed', reason }))
}

/** While a tool or a subagent runs, or somebody is asked, silence means nothing. */
const waitsForModel = (state: Conversation): boolean =>
  state.status.kind === 'busy' && state.mirrored && coveredPrompts(state).length > 0 && !isToolRunning(state)
