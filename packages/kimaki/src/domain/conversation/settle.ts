/** A turn whose every block has its post on record is history: what the mirror and the prompts held of it is dropped. */
import { isUnderWay } from './aside.ts'
import { isLive, isQueued } from './prompt.ts'
import { queueKey } from './queue.ts'
import { isIdle } from './run.ts'
import { commandKey, isGoing } from './shell.ts'
import { isStale, type Conversation } from './state.ts'

/**
 * `allShown`: every block of the view has its post on record (or there is nowhere left to show it). What waits in the queue and a shell
 * command that goes on are no part of the turn: they stay, with their cards. The turn does not wait for the card of such a command,
 * which may change every second.
 */
export function settle(state: Conversation, allShown: boolean): Conversation {
  const queued = state.prompts.filter(isQueued)
  const working = state.prompts.some((prompt) => isLive(prompt) && !isQueued(prompt))
  const going = state.commands.filter(isGoing)
  const changing = new Set(going.map(({ id }) => commandKey(id)))
  const posting = state.outbox.length > 0 || state.cards.some((card) => isStale(card) && !changing.has(card.key))
  if (!allShown || !state.mirrored || !isIdle(state) || working || posting) return state
  const asides = state.asides.filter(isUnderWay)
  const nothingEnded =
    state.prompts.length === queued.length && state.commands.length === going.length && state.asides.length === asides.length
  if (nothingEnded && state.messages.length === 0) return state
  const settledAt = Math.max(state.settledAt, ...state.messages.map((message) => message.created))
  const shown = state.cards.map(({ key }) => key)
  const kept = new Set([...queued.map(({ id }) => queueKey(id)), ...shown.filter((key) => changing.has(key))])
  return {
    ...state,
    settledAt,
    prompts: queued,
    commands: going,
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
