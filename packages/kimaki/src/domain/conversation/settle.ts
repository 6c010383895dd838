/** A turn whose every block has its post on record is history: what the mirror and the prompts held of it is dropped. */
import { isLive } from './prompt.ts'
import { isIdle } from './run.ts'
import { isStale, type Conversation } from './state.ts'

/** `allShown`: every block of the view has its post on record (or there is nowhere left to show it). */
export function settle(state: Conversation, allShown: boolean): Conversation {
  const open =
    !allShown ||
    !state.mirrored ||
    !isIdle(state) ||
    state.prompts.some(isLive) ||
    state.outbox.length > 0 ||
    state.cards.some(isStale)
  if (open || (state.prompts.length === 0 && state.messages.length === 0)) return state
  const settledAt = Math.max(state.settledAt, ...state.messages.map((message) => message.created))
  return {
    ...state,
    settledAt,
    prompts: [],
    messages: [],
    footers: {},
    asks: [],
    interrupts: [],
    interrupting: undefined,
    cards: [],
    retries: undefined,
    sealed: {},
    failure: undefined,
    posted: new Set(),
    suspect: undefined,
  }
}
