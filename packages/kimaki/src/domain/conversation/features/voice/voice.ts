/**
 * Voice messages, and recordings that people send as files: written down, then handed over like any other message.
 *
 *     new ──▶ hearing ──(words)──▶ heard: a prompt, or a message of the queue
 *      ▲         │ ├──(nobody is set up to write it down)──▶ keyless ──(somebody is)──▶ heard, as above
 *      │         │ └──(nothing could be understood, time is up, the provider refuses)──▶ failed
 *      │         └── its message deleted ──▶ withdrawn;  its thread gone ──▶ dropped
 *      └──(Try again)── failed
 *
 * V1. What came after a message that is being heard waits for it (the gates); what came before, and other threads, do not.
 * V2. A message that failed, or that nobody is set up for, holds nobody up. Tried again, it has the place of the press.
 * V3. A recording is in Discord until its words are a prompt. Nothing of it is kept here, so nothing has to be deleted.
 */
import { answersFor, isForOthers, isPerson, type IncomingMessage } from '../../../message/incoming.ts'
import { speechIn, isSpeech } from '../../../message/voice/speech.ts'
import type { Effect, Outcome } from '../../effect.ts'
import {
  defineFeature,
  keep,
  onOutcome,
  type FeatureChange,
  type FeatureRequest,
  type PressNow,
  type ScreenedMessage,
  type Screening,
} from '../../feature.ts'
import { blockKey } from '../../posts/block-key.ts'
import { isDelivered, isLive as isLivePrompt, promptIdOf } from '../../prompt.ts'
import type { Conversation } from '../../state.ts'

export interface VoiceNote {
  /** Of the prompt it becomes. */
  readonly id: string
  /** Its place among the messages of the thread. */
  readonly order: number
  /** Without a suffix. */
  readonly message: IncomingMessage
  /** Unix ms. */
  readonly acceptedAt: number
  /** Its written words end with `. queue`. */
  readonly isQueued: boolean
  /** From 1: how often it was begun. */
  readonly attempt: number
  readonly phase: VoicePhase
}

export type VoicePhase =
  | { readonly kind: 'new' | 'hearing' | 'keyless' }
  /** `text`: what was spoken, without its commands. */
  | { readonly kind: 'heard'; readonly text: string; readonly isQueued: boolean; readonly agent: string | undefined }
  /** `text`: the lines people read. */
  | { readonly kind: 'failed'; readonly text: string; readonly canRetry: boolean }
  | { readonly kind: 'withdrawn' }
  /** `text`: the line people read, where nobody else tells it. */
  | { readonly kind: 'dropped'; readonly text: string | undefined }

/** Fetches the recordings of a message and has them written down. */
export interface Transcribe extends Effect {
  readonly kind: 'transcribe'
  readonly noteId: string
  readonly attempt: number
  readonly message: IncomingMessage
  readonly directory: string
  readonly session: string | undefined
  readonly guildId: string
  readonly userId: string | undefined
}

export type TranscribeOutcome = Outcome<
  | {
      readonly kind: 'transcribed'
      readonly text: string
      readonly isQueued: boolean
      readonly agent: string | undefined
      /** How many may wait in the queue. */
      readonly atMost: number
    }
  | { readonly kind: 'not-transcribed'; readonly text: string; readonly canRetry: boolean }
>

/** Nobody is set up to write this message down: the effect waits until somebody is. */
export interface VoiceReport {
  readonly noteId: string
}

type VoiceSlice = readonly VoiceNote[]

/** Of one thread: cards that failed and may still be tried again. */
const FAILED_KEPT = 20

export const voice = defineFeature<VoiceSlice>({
  name: 'voice',
  version: 1,
  initial: [],
  screens,
  hasTaken: (notes, id) => notes.some((note) => note.id === id),
  needsThread(notes) {
    const note = notes.find(({ phase }) => phase.kind !== 'withdrawn')
    if (!note) return undefined
    const { id, author, titleText } = note.message
    return { id, author, titleText: titleText.trim() === '' ? 'Voice message' : titleText }
  },
  due: begin,
  on: {
    'message-edited': (notes, { message }) => keep(reworded(notes, message)),
    'message-deleted': (notes, { messageId }) =>
      keep(update(notes, promptIdOf(messageId), (note) => (isOpen(note) ? inPhase(note, { kind: 'withdrawn' }) : note))),
    'thread-closed': (notes, { untold }) => keep(drop(notes, untold)),
  },
  gates: {
    submit: (notes, state) => (isBefore(notes, nextOrder(state)) ? WAITS : undefined),
    'release-queue': (notes) => (isBefore(notes, Infinity) ? WAITS : undefined),
  },
  buttons: { 'voice-again': tryAgain },
  outcomes: { transcribe: onOutcome(onTranscribed) },
  report: (notes, report) =>
    keep(
      update(notes, (report as VoiceReport).noteId, (note) =>
        note.phase.kind === 'hearing' ? inPhase(note, { kind: 'keyless' }) : note,
      ),
    ),
  isBusy: (notes) => notes.some(isUnderWay),
  closeTurn: (notes) => (notes.every(outlivesTurn) ? lastFailed(notes) : lastFailed(notes.filter(outlivesTurn))),
  outlives: (notes) => lastFailed(notes.filter(outlivesTurn)).map(({ id }) => voiceKey(id)),
})

/** Of the block that shows a voice message. */
export const voiceKey = (id: string): string => blockKey('voice', id)

/** Something that came before may still become a prompt. */
export const isHearing = (state: Pick<Conversation, 'features'>): boolean => isBefore(voice.of(state), Infinity)

const WAITS = 'a voice message that came before it is being written down'

const isBefore = (notes: VoiceSlice, order: number): boolean =>
  notes.some(({ phase, order: its }) => (phase.kind === 'new' || phase.kind === 'hearing') && its < order)

const isUnderWay = ({ phase }: VoiceNote): boolean => phase.kind === 'new' || phase.kind === 'hearing' || phase.kind === 'keyless'
const isFailed = ({ phase }: VoiceNote): boolean => phase.kind === 'failed' && phase.canRetry
const isOpen = (note: VoiceNote): boolean => isUnderWay(note) || isFailed(note)
const outlivesTurn = isOpen

/** The very slice when none has to go. */
function lastFailed(notes: VoiceSlice): VoiceSlice {
  const kept = new Set(notes.filter(isFailed).slice(-FAILED_KEPT))
  return notes.every((note) => !isFailed(note) || kept.has(note))
    ? notes
    : notes.filter((note) => !isFailed(note) || kept.has(note))
}

/** The prompt that would be submitted next; whoever has none is held back by nothing. */
const nextOrder = ({ turn }: Conversation): number =>
  turn.prompts.find((prompt) => isLivePrompt(prompt) && !isDelivered(prompt))?.order ?? 0

function screens(notes: VoiceSlice, { id, order, message, at, intent }: ScreenedMessage): Screening<VoiceSlice> {
  const isMeant = isPerson(message.author) && !isForOthers(message) && (intent.kind === 'prompt' || intent.kind === 'queue')
  if (!isMeant || speechIn(message).length === 0) return { slice: notes, isHeld: false }
  const isQueued = intent.kind === 'queue'
  const note: VoiceNote = {
    id,
    order,
    message: { ...message, text: intent.text },
    acceptedAt: at,
    isQueued,
    attempt: 1,
    phase: { kind: 'new' },
  }
  return { slice: [...notes, note], isHeld: true }
}

function begin(notes: VoiceSlice, { directory, guildId, session }: Conversation): FeatureChange<VoiceSlice> {
  const due = notes.filter(({ phase }) => phase.kind === 'new')
  if (due.length === 0) return keep(notes)
  return {
    slice: notes.map((note) => (due.includes(note) ? inPhase(note, { kind: 'hearing' }) : note)),
    effects: due.map(({ id, attempt, message }): Transcribe => ({
      key: `transcribe/${id}/${attempt}`,
      kind: 'transcribe',
      owner: 'voice',
      noteId: id,
      attempt,
      message,
      directory,
      session: session.kind === 'open' ? session.id : undefined,
      guildId,
      userId: answersFor(message),
    })),
  }
}

function onTranscribed(
  notes: VoiceSlice,
  { noteId, attempt }: Transcribe,
  outcome: TranscribeOutcome,
): FeatureChange<VoiceSlice> {
  const note = notes.find(({ id }) => id === noteId)
  // Deleted meanwhile, or tried again.
  if (!note || note.attempt !== attempt || (note.phase.kind !== 'hearing' && note.phase.kind !== 'keyless')) return keep(notes)
  if (outcome.kind !== 'transcribed') return keep(update(notes, noteId, () => inPhase(note, failedBy(outcome))))
  const { text, agent, atMost } = outcome
  const isQueued = note.isQueued || outcome.isQueued
  const chosen: readonly FeatureRequest[] =
    agent === undefined ? [] : [{ kind: 'set-preference', scope: 'session', change: { name: 'agent', value: agent } }]
  const { id, order, acceptedAt } = note
  const prompt = { id, order, message: spokenMessage(note.message, text), acceptedAt }
  const asked: FeatureRequest = isQueued
    ? { kind: 'queue-message', ...prompt, atMost }
    : { kind: 'add-prompt', ...prompt, waited: false }
  return {
    slice: update(notes, noteId, () => inPhase(note, { kind: 'heard', text, isQueued, agent })),
    requests: [...chosen, asked],
  }
}

function failedBy(outcome: Exclude<TranscribeOutcome, { readonly kind: 'transcribed' }>): VoicePhase {
  if (outcome.kind === 'not-transcribed') return { kind: 'failed', text: outcome.text, canRetry: outcome.canRetry }
  return { kind: 'failed', text: outcome.kind === 'failed' ? outcome.text : '✗ the voice message is gone', canRetry: false }
}

/** What is written stands first; recordings are not handed over again. */
function spokenMessage(message: IncomingMessage, speech: string): IncomingMessage {
  const text = [message.text, speech].filter((words) => words.trim() !== '').join('\n\n')
  const attachments = message.attachments.filter((file) => !isSpeech(file))
  const titleText = message.titleText.trim() === '' ? speech : message.titleText
  return { ...message, text, titleText, attachments, isSpoken: true }
}

function tryAgain(notes: VoiceSlice, about: string, { order, at }: PressNow): FeatureChange<VoiceSlice> {
  return keep(
    update(notes, about, (note) =>
      isFailed(note) ? { ...note, order, acceptedAt: at, attempt: note.attempt + 1, phase: { kind: 'new' } } : note,
    ),
  )
}

/** What was written beside the recording. */
const reworded = (notes: VoiceSlice, message: IncomingMessage): VoiceSlice =>
  update(notes, promptIdOf(message.id), (note) =>
    isOpen(note) && note.message.text !== message.text && !note.isQueued
      ? { ...note, message: { ...note.message, text: message.text } }
      : note,
  )

/** Nobody could read the answers. The reason is told once, with the last of them. */
function drop(notes: VoiceSlice, untold: string | undefined): VoiceSlice {
  const last = notes.findLast(isOpen)
  if (!last) return notes
  return notes.map((note) => (isOpen(note) ? inPhase(note, { kind: 'dropped', text: note === last ? untold : undefined }) : note))
}

const inPhase = (note: VoiceNote, phase: VoicePhase): VoiceNote => ({ ...note, phase })

/** The very slice when nothing changes. */
function update(notes: VoiceSlice, id: string, change: (note: VoiceNote) => VoiceNote): VoiceSlice {
  const next = notes.map((note) => (note.id === id ? change(note) : note))
  return next.every((note, index) => note === notes[index]) ? notes : next
}
