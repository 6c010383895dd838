/** A turn whose every block has its post on record is history: what the mirror and the prompts held of it is dropped. */
import { isUnderWay } from './aside.ts'
import { isLive, isQueued } from './prompt.ts'
import { queueKey } from './queue.ts'
import { isIdle } from './run.ts'
import { isStale, type Conversation } from './state.ts'

/**
 * `allShown`: every block of the view has its post on record (or there is nowhere left to show it). What waits in the queue is no part
 * of the turn: it stays, with its card.
 */
export function settle(state: Conversation, allShown: boolean): Conversation {
  const queued = state.prompts.filter(isQueued)
  const working = state.prompts.some((prompt) => isLive(prompt) && !isQueued(prompt))
  const posting = state.outbox.length > 0 || state.cards.some(isStale)
  if (!allShown || !state.mirrored || !isIdle(state) || working || posting) return state
  const asides = state.asides.filter(isUnderWay)
  if (state.prompts.length === queued.length && state.messages.length === 0 && state.asides.length === asides.length) return state
  const settledAt = Math.max(state.settledAt, ...state.messages.map((message) => message.created))
  const kept = new Set(queued.map(({ id }) => queueKey(id)))
  return {
    ...state,
    settledAt,
    prompts: queued,
    messages: [],
    footers: {},
    asks: [],
    interrupts: [],
    interrupting: undefined,
    late: [],
    asides,
    cards: state.cards.filter(({ key }) => kept.has(key)),
    retries: undefined,
    sealed: {},
    failure: undefined,
    posted: kept,
    suspect: undefined,
  }
}
