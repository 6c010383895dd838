/**
 * The buttons that end a run: on the notice of a provider that refuses for now, where they name the user message whose run they end, and on
 * the post of a run that lasts, where the button names the prompt that began it.
 */
import { defineFeature, keep, type FeatureChange } from '../feature.ts'
import type { ButtonPress } from '../request.ts'
import { coveredPrompts, isIdle, promptUnderWay } from '../run/derive.ts'
import type { Conversation } from '../state.ts'

/** Prompts of the open turn whose runs have lasted so long that a post says so: one a run. */
type LongRuns = readonly string[]

export const stop = defineFeature<LongRuns>({
  name: 'stop',
  version: 1,
  initial: [],
  on: { 'run-lasts': (long, { promptId }) => keep(long.includes(promptId) ? long : [...long, promptId]) },
  buttons: {
    stop: (long, about, press, state) => stopIf(isUnderWay(about, state), long, press, 'keep'),
    'stop-all': (long, about, press, state) => stopIf(isUnderWay(about, state), long, press, 'drop'),
    'stop-run': (long, about, press, state) =>
      stopIf(!isIdle(state) && coveredPrompts(state).some(({ id }) => id === about), long, press, 'keep'),
  },
  closeTurn: (long) => (long.length === 0 ? long : []),
})

const isUnderWay = (about: string, state: Conversation): boolean =>
  !isIdle(state) && promptUnderWay(state) === about && coveredPrompts(state).length > 0

const stopIf = (
  isMeant: boolean,
  slice: LongRuns,
  { userName }: ButtonPress,
  unread: 'keep' | 'drop',
): FeatureChange<LongRuns> => ({ slice, requests: isMeant ? [{ kind: 'stop-run', by: userName, unread }] : [] })
