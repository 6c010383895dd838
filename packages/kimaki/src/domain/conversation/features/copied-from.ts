/** The conversation whose session this one went on with as a copy: what was said there names files that people sent there. */
import { defineFeature, keep } from '../feature.ts'

export const copiedFrom = defineFeature<readonly string[]>({
  name: 'copied-from',
  version: 1,
  initial: [],
  on: {
    begun: (known, { beginning: { copyOf } }) => keep(copyOf === undefined ? known : [copyOf.threadId]),
  },
})
