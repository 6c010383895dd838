/** The folder brings programs that nobody was told of, and they run from now on: whoever talks to the agent is told. */
import { defineFeature, keep } from '../../feature.ts'
import { isLive } from '../../prompt.ts'

export interface NewPrograms {
  /** The prompt at which OpenCode opened the folder. */
  readonly during: string
  /** Lines that name them, e.g. `plugin run.ts`. */
  readonly programs: readonly string[]
}

export const programs = defineFeature<readonly NewPrograms[]>({
  name: 'programs',
  version: 1,
  initial: [],
  on: {
    'programs-found'(known, { programs: found }, { turn }) {
      const during = turn.prompts.findLast(isLive)?.id
      const told = new Set(known.flatMap((each) => each.programs))
      const added = found.filter((program) => !told.has(program))
      if (during === undefined || added.length === 0 || known.some((each) => each.during === during)) return keep(known)
      return keep([...known, { during, programs: added }])
    },
  },
  closeTurn: (known) => (known.length === 0 ? known : []),
})
