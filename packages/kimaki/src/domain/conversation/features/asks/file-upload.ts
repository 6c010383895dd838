/**
 * Files that the agent asks for. Its tool call waits until they are there.
 *
 *     open ──(files, sent in the modal)──▶ saving ──▶ saved
 *       └──(declined; a reply in words; a message to the agent; the run is over)──▶ ended
 *
 * U1. A card is answered once, whoever comes second. U2. What is asked for again under the same call is the same card, with the same answer.
 */
import { deriveId } from '../../../../base/ids.ts'
import { isForOthers, type IncomingAttachment } from '../../../message/incoming.ts'
import type { Effect, Outcome } from '../../effect.ts'
import { defineFeature, keep, onOutcome, type FeatureChange, type ScreenedMessage, type Screening } from '../../feature.ts'
import { blockKey } from '../../posts/block-key.ts'
import type { TakenPress } from '../../request.ts'
import type { Conversation } from '../../state.ts'

export interface FileAsk {
  /** Derived from the id of the tool call. */
  readonly id: string
  readonly prompt: string
  /** Files. */
  readonly atMost: number
  readonly phase:
    | { readonly kind: 'open' }
    | { readonly kind: 'saving'; readonly by: string }
    | { readonly kind: 'saved'; readonly by: string; readonly saved: SavedUploads }
    | { readonly kind: 'ended'; readonly end: FileAskEnd }
  /** The reply that answered it. */
  readonly repliedIn?: string
}

export type FileAskEnd =
  | { readonly kind: 'declined'; readonly by: string }
  | { readonly kind: 'words'; readonly by: string; readonly words: string }
  | { readonly kind: 'message' }
  | { readonly kind: 'run-over' }

export type SavedUploads = {
  /** Absolute. */
  readonly paths: readonly string[]
  /** Files that could not be fetched or saved, each with the reason. */
  readonly failed: readonly string[]
}

export interface SaveUploads extends Effect {
  readonly kind: 'save-uploads'
  readonly askId: string
  readonly directory: string
  /** Where the files were sent: expired addresses are asked for there. */
  readonly channelId: string
  readonly messageId: string
  readonly files: readonly IncomingAttachment[]
}

export type SaveUploadsOutcome = Outcome<{ readonly kind: 'uploads-saved' } & SavedUploads>

type FileAsks = readonly FileAsk[]

export const fileUpload = defineFeature<FileAsks>({
  name: 'file-upload',
  version: 1,
  initial: [],
  screens: screen,
  hasTaken: (asks, id) => asks.some(({ repliedIn }) => repliedIn === id),
  on: {
    'upload-asked'(asks, { call, prompt, atMost }) {
      const id = fileAskId(call)
      return keep(asks.some((ask) => ask.id === id) ? asks : [...asks, { id, prompt, atMost, phase: { kind: 'open' } }])
    },
    agent: (asks, { event }) => keep(event.kind === 'status' && event.status.kind === 'idle' ? end(asks) : asks),
    'session-read': (asks, { snapshot }) => keep(snapshot.status.kind === 'idle' ? end(asks) : asks),
    'session-gone': (asks) => keep(end(asks)),
    'session-failed': (asks) => keep(end(asks)),
    'server-ended': (asks) => keep(end(asks)),
    'thread-closed': (asks) => keep(end(asks)),
  },
  buttons: {
    'upload-files': send,
    'upload-decline': (asks, id, { userName }) =>
      keep(replace(asks, openOf(asks, id), { kind: 'ended', end: { kind: 'declined', by: userName } })),
  },
  outcomes: {
    'save-uploads': onOutcome((asks: FileAsks, { askId }: SaveUploads, outcome: SaveUploadsOutcome) =>
      keep(onSaved(asks, askId, outcome)),
    ),
  },
  gates: {
    interrupt: (asks) => (asks.some(isOpen) ? 'a person is asked for files' : undefined),
    'release-queue': (asks) => (asks.some(isOpen) ? 'a person is asked for files' : undefined),
  },
  closeTurn: (asks) => (asks.length === 0 ? asks : []),
})

export const fileAskId = (call: string): string => deriveId('', call).slice(0, 16)
export const fileAskKey = ({ id }: Pick<FileAsk, 'id'>): string => blockKey('upload', id)

const isOpen = ({ phase }: FileAsk): boolean => phase.kind === 'open'

/** Somebody is asked for files, and the agent waits. */
export const isAskedForFiles = (state: Pick<Conversation, 'features'>): boolean => fileUpload.of(state).some(isOpen)

const openOf = (asks: FileAsks, id: string | undefined): FileAsk | undefined => asks.find((ask) => ask.id === id && isOpen(ask))

/** The very list where there is nothing to replace. */
const replace = (asks: FileAsks, old: FileAsk | undefined, phase: FileAsk['phase'], more: Partial<FileAsk> = {}): FileAsks =>
  old ? asks.map((ask) => (ask === old ? { ...ask, ...more, phase } : ask)) : asks

const end = (asks: FileAsks, why: FileAskEnd = { kind: 'run-over' }): FileAsks =>
  asks.some(isOpen) ? asks.map((ask) => (isOpen(ask) ? { ...ask, phase: { kind: 'ended', end: why } } : ask)) : asks

function send(asks: FileAsks, about: string, press: TakenPress, state: Conversation): FeatureChange<FileAsks> {
  const ask = openOf(asks, about.split('/')[0])
  const { files = [], channelId, messageId, userName: by } = press
  if (!ask || files.length === 0) return keep(asks)
  const effect: SaveUploads = {
    key: `save-uploads:${state.id}:${ask.id}`,
    kind: 'save-uploads',
    owner: 'file-upload',
    askId: ask.id,
    directory: state.directory,
    channelId,
    messageId,
    files: files.slice(0, ask.atMost),
  }
  return { slice: replace(asks, ask, { kind: 'saving', by }), effects: [effect] }
}

function onSaved(asks: FileAsks, askId: string, outcome: SaveUploadsOutcome): FileAsks {
  const ask = asks.find(({ id }) => id === askId)
  if (ask?.phase.kind !== 'saving') return asks
  const saved =
    outcome.kind === 'uploads-saved' ? outcome : { paths: [], failed: [outcome.kind === 'failed' ? outcome.text : 'gone'] }
  return replace(asks, ask, { kind: 'saved', by: ask.phase.by, saved: { paths: saved.paths, failed: saved.failed } })
}

/** A reply to the card is the answer in words; any other message to the agent is read instead of one. Files need the button. */
function screen(asks: FileAsks, { message, intent, id }: ScreenedMessage, { posts }: Conversation): Screening<FileAsks> {
  if (intent.kind !== 'prompt' || isForOthers(message) || !asks.some(isOpen)) return { slice: asks, isHeld: false }
  const card = posts.editable.find(({ messageId }) => messageId !== undefined && messageId === message.reply?.id)
  const replied = asks.find((ask) => isOpen(ask) && fileAskKey(ask) === card?.key)
  const words = message.text.trim()
  if (!replied || words === '' || message.attachments.length > 0) return { slice: end(asks, { kind: 'message' }), isHeld: false }
  const phase = { kind: 'ended', end: { kind: 'words', by: message.author.name, words } } as const
  return { slice: replace(asks, replied, phase, { repliedIn: id }), isHeld: true }
}
