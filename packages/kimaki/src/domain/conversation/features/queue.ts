/**
 * The queue: messages that wait until the agent has nothing else to do.
 *
 *     waiting ──(session idle, the turn closed, nobody holds the queue, first in line)──▶ released: a prompt like any other
 *        ├── its message edited without the suffix, or deleted, or the button pressed ──▶ removed
 *        ├── the queue is full ──▶ refused, at once
 *        ├── no thread, or no session to run in ──▶ dropped
 *        └── its message edited ──▶ waiting, with the new words
 *
 * One at a time, in order of arrival.
 */
import { intentOf } from '../../message/intent.ts'
import type { IncomingMessage } from '../../message/incoming.ts'
import { blockKey } from '../posts/block-key.ts'
import type { RunEvent } from '../event.ts'
import { defineFeature, keep, type FeatureChange, type HeldBy, type TakenMessage } from '../feature.ts'
import { isLive, promptIdOf } from '../prompt.ts'
import type { Settings } from '../../settings.ts'
import { isIdle } from '../run/derive.ts'
import type { Conversation } from '../state.ts'
import { isHearing } from './voice/voice.ts'

export interface QueuedMessage {
  /** Of the prompt it becomes. */
  readonly id: string
  readonly order: number
  /** Without its suffix. */
  readonly message: IncomingMessage
  /** Unix ms. */
  readonly acceptedAt: number
  readonly phase:
    | { readonly kind: 'waiting' | 'released' }
    /** So many waited already. Of its message only the facts are kept. */
    | { readonly kind: 'refused'; readonly atMost: number }
    | { readonly kind: 'removed'; readonly by: string }
    /** Its thread is gone, or there is no session to run in. `text`: the line people read, where nobody else tells it. */
    | { readonly kind: 'dropped'; readonly text: string | undefined }
}

export type QueueSlice = readonly QueuedMessage[]

export const isWaiting = ({ phase }: QueuedMessage): boolean => phase.kind === 'waiting'

export const queue = defineFeature<QueueSlice>({
  name: 'queue',
  version: 1,
  initial: [],
  takes: { queue: take },
  hasTaken: (queued, id) => queued.some((item) => item.id === id),
  on: {
    'queue-asked': onAsked,
    'message-edited': (queued, { message }) => keep(onEdited(queued, message)),
    'message-deleted'(queued, { messageId }) {
      const item = queued.find(({ id }) => id === promptIdOf(messageId))
      return keep(item ? remove(queued, item.id, item.message.author.name) : queued)
    },
    unqueued: (queued, { ids, by }) => keep(ids.reduce((left, id) => remove(left, id, by), queued)),
    'thread-closed': (queued, { untold }) => keep(drop(queued, untold)),
    'session-failed': (queued, { untold }) => keep(drop(queued, untold)),
  },
  due: release,
  buttons: { unqueue: (queued, about, { userName }) => keep(remove(queued, about, userName)) },
  isBusy: (queued) => queued.some(isWaiting),
  closeTurn: (queued) => (queued.every(isWaiting) ? queued : queued.filter(isWaiting)),
  outlives: (queued) => queued.filter(isWaiting).map(({ id }) => queueKey(id)),
})

/** Of the block that shows a message's position in the queue. */
export const queueKey = (id: string): string => blockKey('queue', id)

/** A message waits only where there is something to wait for; else it runs at once, like any other. */
function take(
  queued: QueueSlice,
  {
    id,
    order,
    message,
    at,
    intent,
    settings,
  }: TakenMessage & {
    readonly intent: { readonly kind: string; readonly text?: string }
    readonly settings: Pick<Settings, 'queueLength'>
  },
  state: Conversation,
): FeatureChange<QueueSlice> | undefined {
  const text = intent.text ?? ''
  const isSomething = text !== '' || message.attachments.length > 0
  const mustWait = queued.some(isWaiting) || isHearing(state) || state.turn.prompts.some(isLive) || !isIdle(state)
  if (!isSomething || !mustWait) return undefined
  const atMost = settings.queueLength
  if (queued.filter(isWaiting).length >= atMost) {
    const { quotes: _quotes, ...facts } = message
    const refused = { ...facts, text: '', titleText: '', reply: undefined, attachments: [] }
    return keep([...queued, { id, order, message: refused, acceptedAt: at, phase: { kind: 'refused', atMost } }])
  }
  return keep(joined(queued, { id, order, message: { ...message, text }, acceptedAt: at, phase: { kind: 'waiting' } }))
}

/** In order of arrival: a message that was spoken comes later than it was sent. */
function joined(queued: QueueSlice, item: QueuedMessage): QueueSlice {
  const behind = queued.findIndex((other) => isWaiting(other) && other.order > item.order)
  return queued.toSpliced(behind === -1 ? queued.length : behind, 0, item)
}

/** Of a message that was spoken: with nothing to wait for it is a prompt. */
function onAsked(queued: QueueSlice, asked: Extract<RunEvent, { readonly kind: 'queue-asked' }>, state: Conversation) {
  const { id, order, message, acceptedAt, atMost } = asked
  const intent = { kind: 'queue', text: message.text }
  const taken = take(queued, { id, order, message, at: acceptedAt, intent, settings: { queueLength: atMost } }, state)
  const prompt = { kind: 'add-prompt', id, order, message, acceptedAt, waited: false } as const
  return taken ?? { slice: queued, requests: [prompt] }
}

function release(queued: QueueSlice, state: Conversation, heldBy: HeldBy): FeatureChange<QueueSlice> {
  const next = queued.find(isWaiting)
  const { turn, posts } = state
  const isFree = isIdle(state) && turn.isSynced && turn.messages.length + turn.prompts.length + posts.outbox.length === 0
  // A released message becomes a prompt in this very step, so nothing else is free until its turn is closed.
  if (!next || !isFree || queued.some(({ phase }) => phase.kind === 'released')) return keep(queued)
  if (heldBy('release-queue', state) !== undefined) return keep(queued)
  const { id, order, message, acceptedAt } = next
  return {
    slice: queued.map((item) => (item === next ? { ...item, phase: { kind: 'released' } } : item)),
    requests: [{ kind: 'add-prompt', id, order, message, acceptedAt, waited: true }],
  }
}

function onEdited(queued: QueueSlice, message: IncomingMessage): QueueSlice {
  const item = queued.find(({ id }) => id === promptIdOf(message.id))
  if (!item || !isWaiting(item)) return queued
  const intent = intentOf(message.text, () => false)
  const text = 'text' in intent ? intent.text : message.text
  const stays = intent.kind === 'queue' && (text !== '' || message.attachments.length > 0)
  if (!stays) return remove(queued, item.id, message.author.name)
  // Discord tells a link's preview as an edit, too.
  if (text === item.message.text) return queued
  return queued.map((known) => (known === item ? { ...known, message: { ...message, text } } : known))
}

const remove = (queued: QueueSlice, id: string, by: string): QueueSlice =>
  queued.some((item) => item.id === id && isWaiting(item))
    ? queued.map((item) => (item.id === id ? { ...item, phase: { kind: 'removed', by } } : item))
    : queued

/** Nobody could read the answers, or give them. The reason is told once, with the last message. */
function drop(queued: QueueSlice, untold: string | undefined): QueueSlice {
  const last = queued.findLast(isWaiting)
  if (!last) return queued
  return queued.map((item) =>
    isWaiting(item) ? { ...item, phase: { kind: 'dropped', text: item === last ? untold : undefined } } : item,
  )
}
