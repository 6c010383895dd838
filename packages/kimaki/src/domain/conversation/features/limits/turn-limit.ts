/** A turn that works longer than the operator allows: the thread is warned, and then the run is stopped. */
import { defineFeature, keep, type FeatureChange } from '../../feature.ts'

export interface TurnLimit {
  /** The prompt that began the turn. */
  readonly during: string
  /** Minutes that it has worked, as far as they were counted. */
  readonly minutes: number
  /** The limit, once people are warned of it. */
  readonly warnedOf?: number
}

export const turnLimit = defineFeature<TurnLimit | undefined>({
  name: 'turn-limit',
  version: 1,
  initial: undefined,
  on: { 'run-minute': (known, { promptId, limitMin }) => onMinute(known, promptId, limitMin) },
  closeTurn: () => undefined,
})

function onMinute(known: TurnLimit | undefined, during: string, limitMin: number): FeatureChange<TurnLimit | undefined> {
  const before = known?.during === during ? known : { during, minutes: 0 }
  const minutes = before.minutes + 1
  if (minutes >= limitMin)
    return { slice: { ...before, minutes }, requests: [{ kind: 'end-run', reason: { kind: 'too-long', limitMin } }] }
  const isClose = minutes >= limitMin - Math.ceil(limitMin / 10)
  return keep({ ...before, minutes, ...(isClose && before.warnedOf === undefined && { warnedOf: limitMin }) })
}
