/**
 * An ask whose server has ended cannot be answered any more, and its run is cut off. Its card offers to go on: one press submits a short
 * prompt in the name of whoever pressed. The offer outlives the turn, and lapses when the agent gets another message or another card was pressed.
 */
import type { FeatureChange } from '../../feature.ts'
import type { TakenPress } from '../../request.ts'
import type { Conversation } from '../../state.ts'
import type { AsksSlice, KnownAsk } from './ask.ts'
import { promptOfPress } from './press-prompt.ts'

const WORDS =
  'Go on where you were cut off. What you asked was not answered, because OpenCode ended while it waited: ask again if you still need it.'

export const offersGoOn = ({ phase }: KnownAsk): boolean =>
  phase.kind === 'ended' && phase.end.kind === 'server-gone' && phase.end.isLapsed !== true

export function goOn(
  known: AsksSlice,
  pressed: KnownAsk | undefined,
  press: TakenPress,
  state: Conversation,
): FeatureChange<AsksSlice> {
  if (!pressed || !offersGoOn(pressed)) return { slice: known }
  const asks = lapse(known).asks.map((ask): KnownAsk =>
    ask.id === pressed.id ? { ...ask, phase: { kind: 'ended', end: { kind: 'gone-on', by: press.userName } } } : ask,
  )
  return { slice: { ...known, asks }, requests: [promptOfPress(press, { id: press.id, text: WORDS, isShown: true }, state)] }
}

/** The very slice when nothing is offered. */
export function lapse(known: AsksSlice): AsksSlice {
  if (!known.asks.some(offersGoOn)) return known
  const end = { kind: 'server-gone', isLapsed: true } as const
  return { ...known, asks: known.asks.map((ask) => (offersGoOn(ask) ? { ...ask, phase: { kind: 'ended', end } } : ask)) }
}

/** What outlives the turn: the very slice when it holds nothing else. */
export const offered = (known: AsksSlice): AsksSlice =>
  known.asks.every(offersGoOn) ? known : { ...known, asks: known.asks.filter(offersGoOn) }
