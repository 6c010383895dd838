/** The session whose agent, or program, has begun this one: the system prompt names it. */
import { defineFeature, keep } from '../../feature.ts'

export const parent = defineFeature<string | null>({
  name: 'parent',
  version: 1,
  initial: null,
  on: {
    begun: (known, { beginning }) => keep(beginning.parent ?? known),
  },
})
