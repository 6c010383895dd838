/**
 * OpenCode's events as ours. Pure: what must be remembered between events (which session is whose child, which messages are
 * the user's) is asked of `known`. Twins (`sync`), heartbeats and unknown types are `undefined`.
 */
import type { AgentEvent, Ask } from '../../domain/conversation/agent.ts'
import { list, record, text } from './json.ts'
import type { Json } from './json.ts'
import { failureOf, messageOf, partOf, statusOf } from './message.ts'

/** What is known of the session an event is about. */
export interface Known {
  /** The session itself, or the one above all its parents. */
  readonly root: string
  readonly isUserMessage: (id: string) => boolean
}

/** The session an event of a type we know is about; `undefined` for all others. */
export function sessionOf(payload: Json): string | undefined {
  const properties = record(payload['properties'])
  return typeof payload['type'] === 'string' && Object.hasOwn(TRANSLATE, payload['type'])
    ? text(properties['sessionID'])
    : undefined
}

/** Of a child session only its asks come through. */
export function translate(payload: Json, known: Known): AgentEvent | undefined {
  const properties = record(payload['properties'])
  const session = sessionOf(payload)
  if (session === undefined) return undefined
  const type = payload['type'] as keyof typeof TRANSLATE
  if (session !== known.root && !type.endsWith('.asked')) return undefined
  return TRANSLATE[type](properties, known)
}

type Translate = (properties: Json, known: Known) => AgentEvent | undefined

const TRANSLATE = {
  'message.updated': ({ info }, { root: session }) => {
    const message = messageOf(info)
    return message && { kind: 'message', session, message }
  },
  'message.part.updated': ({ part: value }, { root: session, isUserMessage }) => {
    const messageId = text(record(value)['messageID'])
    if (messageId === undefined || isUserMessage(messageId) || looksLikeUsers(record(value))) return undefined
    const part = partOf(value)
    return part && { kind: 'part', session, messageId, part }
  },
  'message.part.delta': ({ messageID, partID, field, delta }, { root: session }) => {
    const [messageId, partId, piece] = [text(messageID), text(partID), text(delta)]
    if (messageId === undefined || partId === undefined || piece === undefined || field !== 'text') return undefined
    return { kind: 'delta', session, messageId, partId, text: piece }
  },
  'message.removed': ({ messageID }, { root: session }) => {
    const messageId = text(messageID)
    return messageId === undefined ? undefined : { kind: 'removed', session, messageId }
  },
  'session.status': ({ status }, { root: session }) => ({ kind: 'status', session, status: statusOf(status) }),
  'session.error': ({ error }, { root: session }) => {
    const failure = failureOf(error)
    return failure && { kind: 'failure', session, failure }
  },
  'session.created': titleOf,
  'session.updated': titleOf,
  'permission.asked': (properties, { root }) => asked(root, permissionOf(properties)),
  'question.asked': (properties, { root }) => asked(root, questionOf(properties)),
} satisfies Record<string, Translate>

/**
 * A part whose message was announced before we listened: the agent's texts carry a time, people's do not, and what
 * OpenCode adds to a prompt says that it is synthetic. Files are practically always people's.
 */
function looksLikeUsers(part: Json): boolean {
  if (part['type'] === 'text') return part['synthetic'] === true || part['time'] === undefined
  return part['type'] === 'file'
}

function titleOf({ info }: Json, { root: session }: Known): AgentEvent | undefined {
  const title = text(record(info)['title'])
  return title === undefined ? undefined : { kind: 'title', session, title }
}

const asked = (session: string, ask: Ask | undefined): AgentEvent | undefined => ask && { kind: 'asked', session, ask }

/** As in `permission.asked` and in `GET /permission`. */
export function permissionOf(value: unknown): Ask | undefined {
  const { id, sessionID, permission, patterns, metadata } = record(value)
  const ask = heading(id, sessionID)
  if (!ask) return undefined
  const { command, filepath, url } = record(metadata)
  const about = text(command) ?? text(filepath) ?? text(url) ?? list(patterns).join(', ')
  const title = [text(permission) ?? 'permission', about].filter((piece) => piece !== '').join(': ')
  return { ...ask, kind: 'permission', title }
}

/** As in `question.asked` and in `GET /question`. */
export function questionOf(value: unknown): Ask | undefined {
  const { id, sessionID, questions } = record(value)
  const ask = heading(id, sessionID)
  if (!ask) return undefined
  const titles = list(questions).flatMap((question) => text(record(question)['question']) ?? [])
  return { ...ask, kind: 'question', title: titles.join(' / ') || 'question' }
}

function heading(id: unknown, session: unknown): { readonly id: string; readonly session: string } | undefined {
  return typeof id === 'string' && typeof session === 'string' ? { id, session } : undefined
}
