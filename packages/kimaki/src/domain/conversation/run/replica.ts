/**
 * Puts what the agent says into the replica, and changes nothing else. What follows from it is decided in `run/index.ts` and by the
 * features.
 */
import type { AgentEvent, AgentMessage, AgentPart, SessionStatus, Subtask, SubtaskNews } from '../../agent.ts'
import { noEffects, withAction, type Change } from '../change.ts'
import { isDelivered } from '../prompt.ts'
import { inTurn, type Conversation, type Turn } from '../state.ts'
import { finalAnswer, isHistory } from './derive.ts'
import { readSession } from './effects.ts'

export function onAgent(state: Conversation, event: AgentEvent): Change {
  const told = replicate(state, event)
  return { ...told, events: [...told.events, { kind: 'agent', event }] }
}

function replicate(state: Conversation, event: AgentEvent): Change {
  switch (event.kind) {
    case 'message':
      return noEffects(inTurn(state, { messages: placeMessage(state, event.message) }))
    case 'part':
      return noEffects(placePart(state, event.messageId, event.part))
    case 'delta':
      return noEffects(appendText(state, event.messageId, event.partId, event.text))
    case 'subtask':
      return noEffects(inTurn(state, { subtasks: withSubtask(state, event.child, event.news) }))
    case 'removed':
      return noEffects(inTurn(state, { messages: state.turn.messages.filter(({ id }) => id !== event.messageId) }))
    case 'status':
      return onStatus(state, event.status)
    case 'failure':
      return noEffects(event.failure.name === 'MessageAbortedError' ? state : inTurn(state, { failure: event.failure }))
    case 'title':
    case 'toast':
    case 'asked':
    case 'ask-answered':
      return noEffects(state)
  }
}

/** Going idle without a final answer wants a second look: the run may have been cut off. */
function onStatus(state: Conversation, status: SessionStatus): Change {
  if (status.kind !== 'idle') return noEffects(inTurn(state, { status, suspicion: undefined }))
  const idle = inTurn(state, { status })
  const isOver = finalAnswer(idle) !== undefined || !state.turn.prompts.some(isDelivered)
  return isOver ? noEffects(idle) : withAction(idle, readSession(300))
}

function placeMessage(state: Conversation, news: Extract<AgentEvent, { kind: 'message' }>['message']): readonly AgentMessage[] {
  const { messages } = state.turn
  const known = messages.find((message) => message.id === news.id)
  if (!known && isHistory(state, news)) return messages
  const parts = known?.kind === 'assistant' ? known.parts : []
  // The stream tells a message of a person without its words.
  const placed: AgentMessage = news.kind === 'user' ? { ...(known?.kind === 'user' ? known : {}), ...news } : { ...news, parts }
  const others = messages.filter((message) => message.id !== news.id)
  // A re-posted user message is re-timed and becomes the newest (opencode: Idempotent resend).
  const at = others.findLastIndex((message) => message.created <= placed.created) + 1
  return [...others.slice(0, at), placed, ...others.slice(at)]
}

const placePart = (state: Conversation, messageId: string, part: AgentPart): Conversation =>
  updateParts(state, messageId, (parts) => {
    const isKnown = parts.some(({ id }) => id === part.id)
    return isKnown ? parts.map((old) => (old.id === part.id ? longer(old, part) : old)) : [...parts, part]
  })

/** The call that began a subagent is told before anything that the subagent does. */
function withSubtask({ turn: { messages, subtasks } }: Conversation, child: string, news: SubtaskNews): Turn['subtasks'] {
  const known = subtasks[child]
  const isBegun = (parts: readonly AgentPart[]): boolean => parts.some((part) => part.kind === 'tool' && part.child === child)
  const isOurs =
    known !== undefined ||
    messages.some((message) => message.kind === 'assistant' && isBegun(message.parts)) ||
    Object.values(subtasks).some(({ parts }) => isBegun(parts))
  return isOurs ? { ...subtasks, [child]: grownBy(known ?? { parts: [], costs: {} }, news) } : subtasks
}

function grownBy({ parts, costs }: Subtask, news: SubtaskNews): Subtask {
  if (news.kind === 'cost') return { parts, costs: { ...costs, [news.messageId]: news.cost } }
  const { part } = news
  const isKnown = parts.some(({ id }) => id === part.id)
  return { costs, parts: isKnown ? parts.map((old) => (old.id === part.id ? part : old)) : [...parts, part] }
}

/** An open text part arrives empty and grows by deltas: the longer text is the newer one. */
export function longer(old: AgentPart | undefined, part: AgentPart): AgentPart {
  if (!old || !('text' in old) || !('text' in part) || part.closed) return part
  return old.text.length > part.text.length ? { ...part, text: old.text } : part
}

const appendText = (state: Conversation, messageId: string, partId: string, text: string): Conversation =>
  updateParts(state, messageId, (parts) =>
    parts.map((part) => (part.id === partId && 'text' in part && !part.closed ? { ...part, text: part.text + text } : part)),
  )

function updateParts(
  state: Conversation,
  messageId: string,
  update: (parts: readonly AgentPart[]) => readonly AgentPart[],
): Conversation {
  const change = (message: AgentMessage): AgentMessage =>
    message.id === messageId && message.kind === 'assistant' ? { ...message, parts: update(message.parts) } : message
  return inTurn(state, { messages: state.turn.messages.map(change) })
}
