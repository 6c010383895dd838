/** The verbosity of the channel changed while a run was going on: what was said before is not told anew below what was said since. */
import type { AgentPart } from '../../agent.ts'
import { isQuieter, type Verbosity } from '../../prefs.ts'
import { defineFeature, keep } from '../feature.ts'
import type { Conversation } from '../state.ts'

/** By the id of a part: the level under which it was told. */
type VerbositySlice = Readonly<Record<string, Verbosity>>

export const verbosity = defineFeature<VerbositySlice>({
  name: 'verbosity',
  version: 1,
  initial: {},
  on: {
    'verbosity-changed'(levels, { from }, { turn: { messages, subtasks } }) {
      const own = messages.flatMap((message) => (message.kind === 'assistant' ? message.parts : []))
      const parts = [...own, ...Object.values(subtasks).flatMap((subtask) => subtask.parts)]
      if (parts.length === 0) return keep(levels)
      const told = parts.map(({ id }): [string, Verbosity] => [id, quieter(levels[id] ?? from, from)])
      return keep({ ...levels, ...Object.fromEntries(told) })
    },
  },
  closeTurn: (levels) => (Object.keys(levels).length === 0 ? levels : {}),
})

/** A level that was raised is for what comes; one that was lowered is also for what is not posted yet. */
export const verbosityOf = (state: Conversation, { id }: AgentPart): Verbosity =>
  quieter(verbosity.of(state)[id] ?? state.verbosity, state.verbosity)

const quieter = (one: Verbosity, other: Verbosity): Verbosity => (isQuieter(one, other) ? one : other)
