/** A session that was deleted outside Kimaki, when no prompt ended with it: the thread says that a new one knows nothing of it. */
import { defineFeature, keep } from '../../feature.ts'

/** Ids of the sessions that are gone. */
export const newSession = defineFeature<readonly string[]>({
  name: 'new-session',
  version: 1,
  initial: [],
  on: {
    'session-gone': (gone, { session, isTold }) => keep(isTold || gone.includes(session) ? gone : [...gone, session]),
  },
  closeTurn: (gone) => (gone.length === 0 ? gone : []),
})
