/**
 * OpenCode's events as the product's. Pure: what must be remembered between events (which session is whose child, which messages are a
 * person's) is asked of `known`. Twins (`sync`), heartbeats and unknown types translate to `undefined`.
 */
import { boundaryBefore } from '../../base/text.ts'
import type { AgentEvent, Ask, Question, Toast } from '../../domain/agent.ts'
import type * as api from './api.ts'
import { failureOf, messageOf, partOf, statusOf } from './message.ts'
import { read } from './read.ts'
import type { Received } from './read.ts'

/** What is known of the session an event is about. */
export interface Known {
  /** The session itself, or the one above all its parents. */
  readonly root: string
  readonly isUserMessage: (id: string) => boolean
  /** Announced as one of the agent's. */
  readonly isAgentMessage: (id: string) => boolean
}

type Properties<Type extends api.GlobalEvent['payload']['type']> = Received<api.PropertiesOf<Type>>
type Translator = (properties: unknown, known: Known) => AgentEvent | undefined

/** Ties the fields that may be read to the type of the event. */
function on<Type extends api.GlobalEvent['payload']['type']>(
  type: Type,
  translator: (properties: Properties<Type>, known: Known) => AgentEvent | undefined,
): readonly [Type, Translator] {
  return [type, (properties, known) => translator(read(properties), known)]
}

const TRANSLATORS: ReadonlyMap<string | undefined, Translator> = new Map<string | undefined, Translator>([
  on('message.updated', (properties, { root: session }) => {
    const message = messageOf(properties.object('info'))
    return message && { kind: 'message', session, message }
  }),
  on('message.part.updated', (properties, { root: session, isUserMessage, isAgentMessage }) => {
    const received = properties.object('part')
    const messageId = received.text('messageID')
    if (messageId === undefined || isUserMessage(messageId)) return undefined
    if (!isAgentMessage(messageId) && looksLikeUsers(received)) return undefined
    const part = partOf(received)
    return part && { kind: 'part', session, messageId, part }
  }),
  on('message.part.delta', (properties, { root: session }) => {
    const messageId = properties.text('messageID')
    const partId = properties.text('partID')
    const text = properties.text('delta')
    if (messageId === undefined || partId === undefined || text === undefined) return undefined
    return properties.text('field') === 'text' ? { kind: 'delta', session, messageId, partId, text } : undefined
  }),
  on('message.removed', (properties, { root: session }) => {
    const messageId = properties.text('messageID')
    return messageId === undefined ? undefined : { kind: 'removed', session, messageId }
  }),
  on('session.status', (properties, { root: session }) => ({
    kind: 'status',
    session,
    status: statusOf(properties.object('status')),
  })),
  on('session.error', (properties, { root: session }) => {
    const failure = failureOf(properties.object('error'))
    return failure && { kind: 'failure', session, failure }
  }),
  on('session.created', (properties, { root }) => titleEvent(root, properties.object('info'))),
  on('session.updated', (properties, { root }) => titleEvent(root, properties.object('info'))),
  on('permission.asked', (properties, { root }) => askEvent(root, permissionOf(properties))),
  on('question.asked', (properties, { root }) => askEvent(root, questionOf(properties))),
  on('permission.replied', (properties, { root }) =>
    answeredEvent(root, properties.text('requestID'), properties.text('reply') === 'reject'),
  ),
  on('question.replied', (properties, { root }) => answeredEvent(root, properties.text('requestID'), false)),
  on('question.rejected', (properties, { root }) => answeredEvent(root, properties.text('requestID'), true)),
])

/**
 * A toast is about a session where its last word is the id of one, and it is no warning: those of plugins come by the dozen. All others are
 * about none.
 */
export function toastOf(payload: unknown): (Toast & { readonly session: string | undefined }) | undefined {
  const event = read<{ readonly id: string; readonly type: string; readonly properties: api.PropertiesOf<typeof TOAST> }>(payload)
  if (event.text('type') !== TOAST) return undefined
  const said = event.object('properties')
  const variant = said.text('variant') ?? 'info'
  const message = said.text('message') ?? ''
  const toast = { id: event.text('id') ?? '', variant, title: said.text('title') }
  const named = NAMES_SESSION.exec(message.slice(-LONGEST_NAME))
  if (!named || variant === 'warning' || toast.id === '') return { ...toast, message, session: undefined }
  const words = message.slice(0, message.length - named[0].length).replace(/[\s:([]{1,5}$/, '')
  return { ...toast, message: words, session: named[1] }
}

const TOAST = 'tui.toast.show'
const NAMES_SESSION = /\b(ses_[0-9A-Za-z]{1,64})[\])]{0,3}\s{0,5}$/
/** Looked at from behind, so that a long toast takes no longer. */
const LONGEST_NAME = 80

/** The session an event of a type we know is about; `undefined` for all others. */
export function sessionOf(payload: unknown): string | undefined {
  const event = read<api.EventOf<'session.status'>>(payload)
  if (event.text('type') === TOAST) return toastOf(payload)?.session
  return TRANSLATORS.has(event.text('type')) ? event.object('properties').text('sessionID') : undefined
}

/** Of a child session its asks come through, their answers, and what it does (`Subtask`). */
export function translate(payload: unknown, known: Known): AgentEvent | undefined {
  const event = read<api.GlobalEvent['payload']>(payload)
  const type = event.text('type')
  const session = sessionOf(payload)
  if (session === undefined) return undefined
  const properties = event.fields['properties']
  const toast = toastOf(payload)
  if (toast) {
    const { session: _named, ...told } = toast
    return { kind: 'toast', session: known.root, toast: told }
  }
  if (session !== known.root && !isOfAsk(type)) return subtaskEvent(known.root, session, type, properties)
  return TRANSLATORS.get(type)?.(properties, known)
}

/** A part that is not to be shown yet says nothing, nor does the output that a tool has so far. */
function subtaskEvent(session: string, child: string, type: string | undefined, properties: unknown): AgentEvent | undefined {
  if (type === 'message.updated') {
    const message = messageOf(read<api.PropertiesOf<typeof type>>(properties).object('info'))
    if (message?.kind !== 'assistant' || message.cost === undefined) return undefined
    return { kind: 'subtask', session, child, news: { kind: 'cost', messageId: message.id, cost: message.cost } }
  }
  if (type !== 'message.part.updated') return undefined
  const part = partOf(read<api.PropertiesOf<typeof type>>(properties).object('part'))
  const isShown = part?.kind === 'tool' ? part.state !== 'pending' : part?.kind === 'reasoning' && part.closed
  return part && isShown ? { kind: 'subtask', session, child, news: { kind: 'part', part } } : undefined
}

const isOfAsk = (type: string | undefined): boolean => /^(?:permission|question)\./.test(type ?? '')

/**
 * A part whose message was announced before the stream was open: the agent's texts carry a time, people's do not, and a text that OpenCode
 * adds to a prompt says that it is synthetic. Files are practically always people's.
 */
function looksLikeUsers(part: Received<api.Part>): boolean {
  const type = part.choice('type', ['text', 'file'])
  return type === 'file' || (type === 'text' && (part.isTrue('synthetic') || !part.has('time')))
}

function titleEvent(session: string, info: Received<api.Session>): AgentEvent | undefined {
  const title = info.text('title')
  return title === undefined ? undefined : { kind: 'title', session, title }
}

const askEvent = (session: string, ask: Ask | undefined): AgentEvent | undefined => ask && { kind: 'asked', session, ask }

const answeredEvent = (session: string, askId: string | undefined, isRejected: boolean): AgentEvent | undefined =>
  askId === undefined ? undefined : { kind: 'ask-answered', session, askId, isRejected }

/** As in `permission.asked` and in `GET /permission`. */
export function permissionOf(request: Received<api.PermissionRequest>): Ask | undefined {
  const id = request.text('id')
  const session = request.text('sessionID')
  if (id === undefined || session === undefined) return undefined
  const metadata = request.object('metadata')
  const patterns = request.texts('patterns')
  const subject = metadata.text('command') ?? metadata.text('filepath') ?? metadata.text('url') ?? patterns.join(', ')
  const permission = request.text('permission') ?? 'permission'
  const title = [permission, subject].filter((piece) => piece !== '').join(': ')
  const isOutside = permission === 'external_directory'
  const details = detailsOf(metadata.text('command'), metadata.text('diff'), subject)
  const facts = { permission, patterns, always: request.texts('always'), ...(details && { details }) }
  return { id, session, kind: 'permission', title, ...facts, ...(isOutside && { outside: patterns }) }
}

function detailsOf(command: string | undefined, diff: string | undefined, subject: string): Ask['details'] {
  if (command !== undefined) return { kind: 'command', text: bounded(command) }
  if (diff !== undefined && diff !== '') return { kind: 'diff', text: bounded(diff) }
  return subject === '' ? undefined : { kind: 'paths', text: bounded(subject) }
}

/** It goes on record with the ask. Nobody reads more of it. */
function bounded(text: string): string {
  const left = text.length - DETAILS_MAX
  return left <= 0 ? text : `${text.slice(0, boundaryBefore(text, DETAILS_MAX))}\n… and ${left} characters more`
}

const DETAILS_MAX = 100_000

/** As in `question.asked` and in `GET /question`. */
export function questionOf(request: Received<api.QuestionRequest>): Ask | undefined {
  const id = request.text('id')
  const session = request.text('sessionID')
  if (id === undefined || session === undefined) return undefined
  const questions = request.list('questions').map((question): Question => ({
    header: question.text('header') ?? '',
    text: question.text('question') ?? '',
    options: question.list('options').map((option) => ({
      label: option.text('label') ?? '',
      description: option.text('description') ?? '',
    })),
    multiple: question.isTrue('multiple'),
    // OpenCode's default is that one may answer in words.
    ...(question.has('custom') && !question.isTrue('custom') && { onlyOptions: true as const }),
  }))
  const title =
    questions
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join(' / ') || 'question'
  return { id, session, kind: 'question', title, questions }
}
