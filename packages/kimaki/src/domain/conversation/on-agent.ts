/** The agent says something. Only the mirror changes; what follows from it is decided in `advance`. */
import type { AgentEvent, AgentMessage, AgentPart, AssistantMessage, SessionStatus } from './agent.ts'
import { unchanged, type Change } from './change.ts'
import { threadNameForTitle } from '../naming.ts'
import { isSeen } from './prompt.ts'
import { finalAnswer, isHistory, newestUser, questionUnderWay } from './run.ts'
import type { Conversation, Retries } from './state.ts'

/** A text part still open this long after a tool of its message started is closed with what has come. */
const OVERTAKEN_AFTER_MS = 1000

export function onAgent(state: Conversation, event: AgentEvent): Change {
  switch (event.kind) {
    case 'message':
      return unchanged({ ...state, messages: placeMessage(state, event.message) })
    case 'part':
      return onPart(state, event.messageId, event.part)
    case 'delta':
      return unchanged(onDelta(state, event.messageId, event.partId, event.text))
    case 'removed':
      return unchanged({ ...state, messages: state.messages.filter(({ id }) => id !== event.messageId) })
    case 'status':
      return onStatus(state, event.status)
    case 'failure':
      return unchanged(event.failure.name === 'MessageAbortedError' ? state : { ...state, failure: event.failure })
    case 'title':
      return onTitle(state, event.title)
    case 'asked':
      return onAsked(state, event.ask)
  }
}

/** Going idle without a final answer wants a second look: the run may have been cut off. */
function onStatus(state: Conversation, status: SessionStatus): Change {
  if (status.kind !== 'idle') return unchanged({ ...state, status, suspect: undefined, retries: retriesAfter(state, status) })
  const idle: Conversation = { ...state, status }
  return {
    ...unchanged(idle),
    hints: finalAnswer(idle) || !state.prompts.some(isSeen) ? [] : [{ kind: 'read-session', delayMs: 300 }],
  }
}

/** The same attempt may be told more than once. */
export function retriesAfter(state: Conversation, status: SessionStatus): Retries | undefined {
  const { retries } = state
  const during = questionUnderWay(state)
  // A run whose question is settled had its notice in that turn.
  const isOpen = state.messages.some(({ id }) => id === during)
  if (status.kind !== 'retry' || during === undefined || !isOpen) return retries
  const { attempt, message } = status
  if (retries?.during !== during) return { during, times: 1, attempt, message }
  return retries.attempt === attempt ? retries : { during, times: retries.times + 1, attempt, message }
}

type MessageNews = Extract<AgentEvent, { kind: 'message' }>['message']

function placeMessage(state: Conversation, news: MessageNews): readonly AgentMessage[] {
  const { messages } = state
  const index = messages.findIndex((message) => message.id === news.id)
  const known = messages[index]
  if (!known && isHistory(state, news)) return messages
  const parts = known?.kind === 'assistant' ? known.parts : []
  const placed: AgentMessage = news.kind === 'user' ? news : { ...news, parts }
  const others = messages.filter((message) => message.id !== news.id)
  // A re-posted user message is re-timed and becomes the newest (opencode: Idempotent resend).
  const at = others.findLastIndex((message) => message.created <= placed.created) + 1
  return [...others.slice(0, at), placed, ...others.slice(at)]
}

function onPart(state: Conversation, messageId: string, part: AgentPart): Change {
  const next = updateParts(state, messageId, (parts) => {
    const known = parts.some(({ id }) => id === part.id)
    return known ? parts.map((old) => (old.id === part.id ? longer(old, part) : old)) : [...parts, part]
  })
  const overtaken = part.kind === 'tool' && part.state === 'running' && openTextBefore(next, messageId, part.id)
  return { ...unchanged(next), hints: overtaken ? [{ kind: 'wake', why: 'overtaken', delayMs: OVERTAKEN_AFTER_MS }] : [] }
}

/** An open text part arrives empty and grows by deltas: the longer text is the newer one. */
export function longer(old: AgentPart | undefined, part: AgentPart): AgentPart {
  if (!old || !('text' in old) || !('text' in part) || part.closed) return part
  return old.text.length > part.text.length ? { ...part, text: old.text } : part
}

function onDelta(state: Conversation, messageId: string, partId: string, text: string): Conversation {
  return updateParts(state, messageId, (parts) =>
    parts.map((part) => (part.id === partId && 'text' in part && !part.closed ? { ...part, text: part.text + text } : part)),
  )
}

function updateParts(
  state: Conversation,
  messageId: string,
  update: (parts: readonly AgentPart[]) => readonly AgentPart[],
): Conversation {
  const change = (message: AgentMessage): AgentMessage =>
    message.id === messageId && message.kind === 'assistant' ? { ...message, parts: update(message.parts) } : message
  return { ...state, messages: state.messages.map(change) }
}

const openTextBefore = (state: Conversation, messageId: string, partId: string): boolean =>
  overtakenText(assistant(state, messageId), partId).length > 0

function overtakenText(
  message: AssistantMessage | undefined,
  toolPartId?: string,
): readonly (AgentPart & { kind: 'text' | 'reasoning' })[] {
  if (!message) return []
  const tool = message.parts.findLastIndex(
    (part) => part.kind === 'tool' && part.state !== 'pending' && (toolPartId === undefined || part.id === toolPartId),
  )
  return message.parts.slice(0, Math.max(tool, 0)).filter((part) => part.kind === 'text' && !part.closed) as never
}

const assistant = (state: Conversation, id: string): AssistantMessage | undefined =>
  state.messages.find((message): message is AssistantMessage => message.id === id && message.kind === 'assistant')

/** The second is over: what has come of overtaken text is closed; the rest is appended later. */
export function sealOvertaken(state: Conversation): Conversation {
  const sealed = { ...state.sealed }
  for (const message of state.messages) {
    if (message.kind !== 'assistant') continue
    for (const part of overtakenText(message)) sealed[part.id] ??= part.text.length
  }
  return Object.keys(sealed).length === Object.keys(state.sealed).length ? state : { ...state, sealed }
}

/** The session was named: the thread follows, unless a person has named it. */
export function onTitle(state: Conversation, title: string): Change {
  if (state.thread.kind !== 'open' || state.title.theirs) return unchanged(state)
  const name = threadNameForTitle(title, state.title.synced ?? '')
  if (name === undefined || name === state.title.synced) return unchanged(state)
  const renamed: Conversation = { ...state, title: { ...state.title, synced: name } }
  return { ...unchanged(renamed), hints: [{ kind: 'rename', threadId: state.thread.id, name }] }
}

function onAsked(state: Conversation, ask: Extract<AgentEvent, { kind: 'asked' }>['ask']): Change {
  if (state.asks.some(({ id }) => id === ask.id)) return unchanged(state)
  return {
    state: { ...state, asks: [...state.asks, { ...ask, during: newestUser(state)?.id }] },
    effects: [{ key: `reject-ask/${ask.id}`, kind: 'reject-ask', directory: state.directory, ask }],
    hints: [],
  }
}
