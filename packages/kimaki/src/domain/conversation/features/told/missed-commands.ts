/** Slash commands that an earlier process accepted but did not acknowledge: they are not run, and the thread asks to run them again. */
import { defineFeature, keep } from '../../feature.ts'

export interface MissedCommand {
  /** Of the interaction. */
  readonly id: string
  readonly name: string
}

export const missedCommands = defineFeature<readonly MissedCommand[]>({
  name: 'missed-commands',
  version: 1,
  initial: [],
  on: {
    'command-missed': (missed, { command: { id, name } }) =>
      keep(missed.some((known) => known.id === id) ? missed : [...missed, { id, name }]),
  },
  closeTurn: (missed) => (missed.length === 0 ? missed : []),
})
