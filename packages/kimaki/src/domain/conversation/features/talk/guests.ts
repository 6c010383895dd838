/**
 * Messages of people who may not speak. Each gets a card, by which somebody who may lets this one message in.
 *
 *     open ──(a press)──▶ letting-in ──(its inbox row is there)──▶ over: from there on it is a message like any other
 *      │ ▲                    └──(it was edited; who pressed may not any more)──▶ open
 *      │ └──(edited: the card says so, and has a new button)
 *      └──(deleted; 24 hours; its author is kept out or has left)──▶ over
 *
 * G1. What is let in is the form that the card stood for: its button names a digest, and Discord is asked for the message before it is let in.
 * G2. A message is let in once: its inbox row has the key that it would have had if its author could speak.
 * G3. One person has at most 3 open cards in a thread and gets at most 10 within an hour; a thread has at most 20 open. What comes beyond
 *     that is ignored, as all such messages are without cards.
 */
import { deriveId } from '../../../../base/ids.ts'
import { authorUserId, isForOthers, type IncomingMessage } from '../../../message/incoming.ts'
import { shellCommand } from '../../../message/intent.ts'
import { setAlarm, type Effect, type Outcome } from '../../effect.ts'
import type { RunEvent } from '../../event.ts'
import { defineFeature, keep, onOutcome, type FeatureChange, type PressNow } from '../../feature.ts'
import { blockKey } from '../../posts/block-key.ts'
import { tellPresser } from '../../reply.ts'
import type { ButtonPress } from '../../request.ts'
import type { Conversation } from '../../state.ts'
import { auditLetIn } from '../asks/audit.ts'

export interface GuestCard {
  /** Of the message. */
  readonly id: string
  /** As the card stands for it. */
  readonly message: IncomingMessage
  /** Unix ms. */
  readonly openedAt: number
  /** It was edited since it was written. */
  readonly isEdited?: true
  readonly phase:
    | { readonly kind: 'open' }
    | { readonly kind: 'letting-in'; readonly by: string }
    | { readonly kind: 'over'; readonly end: GuestEnd }
}

/** `no-request`: an edit has made it something that nobody lets in. */
export type GuestEnd =
  | { readonly kind: 'let-in'; readonly by: string }
  | { readonly kind: 'deleted' | 'expired' | 'kept-out' | 'no-request' }

interface Guests {
  readonly cards: readonly GuestCard[]
  /** Cards of the last hour: of whom, and when they were posted. */
  readonly recent: readonly { readonly userId: string; readonly at: number }[]
}

/** Puts the message on record as one that may be run, if it still is what the card stood for. */
export interface LetIn extends Effect {
  readonly kind: 'let-in'
  readonly message: IncomingMessage
  readonly conversation: {
    readonly id: string
    readonly guildId: string
    readonly channelId: string
    readonly directory: string
    readonly inThread: true
  }
  readonly press: ButtonPress
}

export type LetInOutcome = Outcome<
  | { readonly kind: 'let-in' }
  | { readonly kind: 'edited'; readonly message: IncomingMessage }
  /** Its author has left, or is kept out by now. */
  | { readonly kind: 'kept-out' }
>

/** Why nothing came of a press on a card. */
export type PressOnGuest =
  | { readonly kind: 'guest-over'; readonly end: GuestEnd }
  | { readonly kind: 'guest-letting-in'; readonly by: string }
  | { readonly kind: 'guest-edited' }
  | { readonly kind: 'guest-failed'; readonly text: string }

export const GUEST_CARDS_LAST_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000
const OPEN_OF_ONE = 3
const HOURLY_OF_ONE = 10
const OPEN_IN_THREAD = 20

const NONE: Guests = { cards: [], recent: [] }

export const guests = defineFeature<Guests>({
  name: 'guests',
  version: 1,
  initial: NONE,
  on: {
    'guest-wrote': (known, event) => (event.isEdit ? keep(edit(known, event.message)) : open(known, event)),
    'message-deleted': (known, { messageId }) => keep(end(known, { kind: 'deleted' }, ({ id }) => id === messageId)),
    'thread-closed': (known) => keep(end(known, { kind: 'expired' })),
  },
  due: (known, _state, _heldBy, { at }) =>
    keep(end(known, { kind: 'expired' }, ({ openedAt, phase }) => phase.kind === 'open' && at - openedAt >= GUEST_CARDS_LAST_MS)),
  // What is due then is found after every input.
  alarm: keep,
  buttons: { 'let-in': press },
  outcomes: { 'let-in': onOutcome(onLetIn) },
  closeTurn: (known) => (known.cards.every(isLive) ? known : { ...known, cards: known.cards.filter(isLive) }),
  outlives: ({ cards }) => cards.filter(isLive).map(guestKey),
})

export const guestKey = ({ id }: Pick<GuestCard, 'id'>): string => blockKey('guest', id)

export const isLive = ({ phase }: GuestCard): boolean => phase.kind !== 'over'

/** It asks the agent something. A shell command is none: it runs only when it is heard as it is written. */
export const canBeLetIn = (message: IncomingMessage): boolean => !isForOthers(message) && shellCommand(message.text) === undefined

/** What the button of the card names (G1). */
export const aboutOf = ({ id, message: { editedAt, text } }: GuestCard): string =>
  `${id}/${deriveId('', JSON.stringify([id, editedAt, text])).slice(0, 10)}`

function open(known: Guests, { message, at }: Extract<RunEvent, { readonly kind: 'guest-wrote' }>): FeatureChange<Guests> {
  const userId = authorUserId(message.author) ?? ''
  const recent = known.recent.filter((one) => Math.abs(at - one.at) < HOUR_MS)
  const live = known.cards.filter(isLive)
  const isTooMuch =
    live.length >= OPEN_IN_THREAD ||
    live.filter((card) => authorUserId(card.message.author) === userId).length >= OPEN_OF_ONE ||
    recent.filter((one) => one.userId === userId).length >= HOURLY_OF_ONE
  if (isTooMuch || known.cards.some(({ id }) => id === message.id)) return keep(known)
  const card: GuestCard = { id: message.id, message, openedAt: at, phase: { kind: 'open' } }
  return {
    slice: { cards: [...known.cards, card], recent: [...recent, { userId, at }] },
    actions: [setAlarm('guests', card.id, GUEST_CARDS_LAST_MS)],
  }
}

/** While it is being let in, Discord is asked for its form anyway. */
const edit = (known: Guests, message: IncomingMessage): Guests =>
  replaced(known, message.id, (card) => (card.phase.kind === 'open' ? inForm(card, message) : card))

function inForm(card: GuestCard, message: IncomingMessage): GuestCard {
  if (!canBeLetIn(message)) return { ...card, phase: { kind: 'over', end: { kind: 'no-request' } } }
  return { ...card, message, isEdited: true, phase: { kind: 'open' } }
}

function press(known: Guests, about: string, pressed: PressNow, state: Conversation): FeatureChange<Guests> {
  const { moment, order: _order, at: _at, ...press } = pressed
  const card = known.cards.find(({ id }) => id === about.split('/')[0])
  if (!card || !moment.settings.guestApproval) return { slice: known, actions: tellPresser(press, { kind: 'over' as const }) }
  const why = whyVoid(card, about)
  if (why) return { slice: known, actions: tellPresser(press, why) }
  const { userId, userName: name } = press
  const { id, guildId, channelId, directory } = state
  const effect: LetIn = {
    key: `let-in/${card.id}/${press.id}`,
    kind: 'let-in',
    owner: 'guests',
    message: { ...card.message, letInBy: { userId, name } },
    conversation: { id, guildId, channelId, directory, inThread: true },
    press,
  }
  return { slice: replaced(known, card.id, () => ({ ...card, phase: { kind: 'letting-in', by: name } })), effects: [effect] }
}

function whyVoid(card: GuestCard, about: string): PressOnGuest | undefined {
  const { phase } = card
  if (phase.kind === 'over') return { kind: 'guest-over', end: phase.end }
  if (phase.kind === 'letting-in') return { kind: 'guest-letting-in', by: phase.by }
  return about === aboutOf(card) ? undefined : { kind: 'guest-edited' }
}

function onLetIn(known: Guests, effect: LetIn, outcome: LetInOutcome, state: Conversation): FeatureChange<Guests> {
  const { message, press } = effect
  const over = (end: GuestEnd): Guests => replaced(known, message.id, (card) => ({ ...card, phase: { kind: 'over', end } }))
  switch (outcome.kind) {
    case 'let-in':
    case 'done':
      return { slice: over({ kind: 'let-in', by: press.userName }), effects: [auditLetIn(message, press, state)] }
    case 'gone':
      return keep(over({ kind: 'deleted' }))
    case 'kept-out':
      return keep(over({ kind: 'kept-out' }))
    case 'edited':
      return {
        slice: replaced(known, message.id, (card) => (isLive(card) ? inForm(card, outcome.message) : card)),
        actions: tellPresser(press, { kind: 'guest-edited' } satisfies PressOnGuest),
      }
    case 'failed':
      return {
        slice: replaced(known, message.id, (card) => (isLive(card) ? { ...card, phase: { kind: 'open' } } : card)),
        actions: tellPresser(press, { kind: 'guest-failed', text: outcome.text } satisfies PressOnGuest),
      }
  }
}

/** The very slice when nothing changes. */
function replaced(known: Guests, id: string, change: (card: GuestCard) => GuestCard): Guests {
  const cards = known.cards.map((card) => (card.id === id ? change(card) : card))
  return cards.every((card, index) => card === known.cards[index]) ? known : { ...known, cards }
}

/** A card that is pressed ends by what comes of the press. */
function end(known: Guests, why: GuestEnd, which: (card: GuestCard) => boolean = () => true): Guests {
  const ends = (card: GuestCard): boolean => card.phase.kind === 'open' && which(card)
  if (!known.cards.some(ends)) return known
  return { ...known, cards: known.cards.map((card) => (ends(card) ? { ...card, phase: { kind: 'over', end: why } } : card)) }
}
