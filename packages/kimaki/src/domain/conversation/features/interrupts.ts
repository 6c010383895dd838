/** Steps of the open turn that were stopped so that the agent reads a newer message: the thread says what was cut off. */
import { defineFeature, keep } from '../feature.ts'

/** Both by OpenCode's message ids. */
export interface InterruptedStep {
  readonly by: string
  readonly step: string
}

export const interrupts = defineFeature<readonly InterruptedStep[]>({
  name: 'interrupts',
  version: 1,
  initial: [],
  on: { interrupted: (known, { by, step }) => keep([...known, { by, step }]) },
  closeTurn: (known) => (known.length === 0 ? known : []),
})
