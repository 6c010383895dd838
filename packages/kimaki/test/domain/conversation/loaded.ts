/** What `store/load` gives back after a `kill -9`. */
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import { interruptingOf } from '../../../src/domain/conversation/run/interrupt.ts'
import { NEW_TURN, type Conversation } from '../../../src/domain/conversation/state.ts'
import { fromCache, CACHE_VERSION, toCache } from '../../../src/store/cache.ts'

export function loaded(state: Conversation, effects: readonly Effect[]): Conversation {
  const { turn, posts, session } = state
  const cached = fromCache(CACHE_VERSION, toCache(state))
  if (!cached) throw new Error('the cache cannot be read')
  return {
    ...state,
    ...cached,
    turn: {
      ...NEW_TURN,
      prompts: turn.prompts,
      isSynced: turn.prompts.length + posts.posted.size === 0 || session.kind !== 'open',
      interrupting: interruptingOf(effects),
    },
  }
}
