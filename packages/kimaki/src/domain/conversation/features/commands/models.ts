/**
 * Who answers in the thread: what was chosen for it, and what was in force when its first message was submitted. That is kept, so that a
 * change for the channel, or for all, does not change a session that runs.
 */
import type { AnsweredBy } from '../../../agent.ts'
import type { Chosen, Kept, Level } from '../../../models/in-force.ts'
import { changed, type Preference } from '../../../models/preferences.ts'
import { defineFeature, keep } from '../../feature.ts'
import type { Conversation } from '../../state.ts'

interface ModelsSlice {
  /** For this thread. */
  readonly own: Preference
  readonly kept?: Kept
}

export const models = defineFeature<ModelsSlice>({
  name: 'models',
  version: 1,
  initial: { own: {} },
  on: {
    'preference-set'(slice, { scope, change }) {
      if (change.name === 'mention') return keep(slice)
      const { own } = slice
      // Whoever chooses for more than this thread means this thread, too. A new agent brings its own model.
      const isCleared = change.value === undefined
      const followed =
        scope === 'session' ? changed(own, change) : isCleared ? own : changed(own, { ...change, value: undefined })
      const isOtherAgent = change.name === 'agent' && !isCleared
      // What was kept is forgotten: the next prompt looks anew.
      return keep({ own: isOtherAgent ? changed(followed, { name: 'model', value: undefined }) : followed })
    },
    begun: (slice, { beginning: { agent } }) => keep(agent === undefined ? slice : { ...slice, own: { ...slice.own, agent } }),
    delivered: (slice, { answeredBy, by }) => keep(slice.kept ? slice : { ...slice, kept: keptOf(answeredBy, by) }),
  },
})

const keptOf = (answeredBy: AnsweredBy | undefined, by: Level): Kept => ({
  by,
  ...(answeredBy?.agent !== undefined && { agent: answeredBy.agent }),
  ...(answeredBy?.model && { model: answeredBy.model }),
})

/** What people have chosen that counts here. */
export function chosenIn(state: Conversation): Chosen {
  const { own, kept } = models.of(state)
  return { ...state.preferences, session: own, kept }
}
