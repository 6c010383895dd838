/**
 * Buttons that the agent offers for what comes next. No run waits for them.
 *
 *     open ──(a press)──▶ pressed: a prompt of whoever pressed
 *       └──(a message to the agent; newer buttons; another session; 24 hours)──▶ over
 *
 * B1. A set is pressed once, whoever comes second. B2. What is offered again under the same call is the same set.
 */
import { deriveId } from '../../../../base/ids.ts'
import { isForOthers } from '../../../message/incoming.ts'
import { setAlarm } from '../../effect.ts'
import type { RunEvent } from '../../event.ts'
import { defineFeature, keep, type FeatureChange, type PressNow } from '../../feature.ts'
import { blockKey } from '../../posts/block-key.ts'
import type { OfferedButton } from '../../request.ts'
import type { Conversation } from '../../state.ts'
import { promptOfPress } from './press-prompt.ts'

export interface ButtonSet {
  /** Derived from the id of the tool call. */
  readonly id: string
  readonly buttons: readonly OfferedButton[]
  /** Unix ms. */
  readonly offeredAt: number
  readonly phase:
    | { readonly kind: 'open' }
    | { readonly kind: 'pressed'; readonly by: string; readonly label: string }
    | { readonly kind: 'over'; readonly why: 'message' | 'newer' | 'session' | 'expired' }
}

type Sets = readonly ButtonSet[]

export const BUTTONS_LAST_MS = 24 * 3_600_000

export const actionButtons = defineFeature<Sets>({
  name: 'action-buttons',
  version: 1,
  initial: [],
  screens: (sets, { message, intent }) => ({
    slice: intent.kind === 'prompt' && !isForOthers(message) ? end(sets, 'message') : sets,
    isHeld: false,
  }),
  on: {
    'buttons-offered': offer,
    'session-gone': (sets) => keep(end(sets, 'session')),
    'session-failed': (sets) => keep(end(sets, 'session')),
    'thread-closed': (sets) => keep(end(sets, 'session')),
  },
  buttons: { act: press },
  alarm: (sets, id) => keep(end(sets, 'expired', (set) => set.id === id)),
  closeTurn: (sets) => (sets.every(isOpen) ? sets : sets.filter(isOpen)),
  outlives: (sets) => sets.filter(isOpen).map(buttonsKey),
})

export const buttonsKey = ({ id }: Pick<ButtonSet, 'id'>): string => blockKey('buttons', id)

export const isOpen = ({ phase }: ButtonSet): boolean => phase.kind === 'open'

function offer(sets: Sets, { call, buttons, at }: Extract<RunEvent, { readonly kind: 'buttons-offered' }>): FeatureChange<Sets> {
  const id = deriveId('', call).slice(0, 16)
  if (sets.some((set) => set.id === id)) return keep(sets)
  const set: ButtonSet = { id, buttons, offeredAt: at, phase: { kind: 'open' } }
  return { slice: [...end(sets, 'newer'), set], actions: [setAlarm('action-buttons', id, BUTTONS_LAST_MS)] }
}

function press(sets: Sets, about: string, pressed: PressNow, state: Conversation): FeatureChange<Sets> {
  const { id: pressId, userName: by, at } = pressed
  const [id, index = ''] = about.split('/')
  const set = sets.find((known) => known.id === id && isOpen(known))
  const chosen = /^\d$/.test(index) ? set?.buttons[Number(index)] : undefined
  if (!set || !chosen) return keep(sets)
  if (at - set.offeredAt >= BUTTONS_LAST_MS) return keep(end(sets, 'expired', (known) => known === set))
  const { label } = chosen
  const text = `I pressed the button "${label}".`
  return {
    slice: sets.map((known) => (known === set ? { ...set, phase: { kind: 'pressed' as const, by, label } } : known)),
    requests: [promptOfPress(pressed, { id: `press:${pressId}`, text, titleText: label, isShown: false }, state)],
  }
}

type Why = Extract<ButtonSet['phase'], { readonly kind: 'over' }>['why']

/** The very list when nothing ends. */
function end(sets: Sets, why: Why, which: (set: ButtonSet) => boolean = () => true): Sets {
  const ends = (set: ButtonSet): boolean => isOpen(set) && which(set)
  return sets.some(ends) ? sets.map((set) => (ends(set) ? { ...set, phase: { kind: 'over', why } } : set)) : sets
}
