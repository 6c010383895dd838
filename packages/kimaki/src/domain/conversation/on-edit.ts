/**
 * A person edits or deletes a message. What the agent has not got yet follows the person; what it has got stays as it was, and the
 * thread says so.
 */
import { intentOf, mayBeCommand } from '../message/intent.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import { unchanged, updatePrompt, type Change } from './change.ts'
import { promptIdOf } from './on-message.ts'
import { isNotHandedOver, isQueued, type Prompt } from './prompt.ts'
import { removeFromQueue, rewordQueued } from './queue.ts'
import type { Conversation, LateChange } from './state.ts'

export function onEdited(state: Conversation, message: IncomingMessage): Change {
  const prompt = state.prompts.find(({ id }) => id === promptIdOf(message.id))
  if (!prompt) return unchanged(asideChanged(state, message.id, 'edited', message))
  const intent = intentOf(message.text, () => false)
  const text = 'text' in intent ? intent.text : message.text
  const reworded = { ...message, text }
  // Discord tells a link's preview as an edit, too.
  if (text === prompt.message.text && (intent.kind === 'queue' || !isQueued(prompt))) return unchanged(state)
  if (isQueued(prompt)) {
    const stays = intent.kind === 'queue' && (text !== '' || message.attachments.length > 0)
    return unchanged(stays ? rewordQueued(state, prompt, reworded) : removeFromQueue(state, prompt, message.authorName))
  }
  if (!isNotHandedOver(prompt)) return unchanged(tooLate(state, prompt, 'edited'))
  return unchanged(
    updatePrompt(state, prompt.id, (one) => ({
      ...one,
      message: { ...reworded, attachments: one.message.attachments },
      phase: one.phase.kind === 'ready' && mayBeCommand(text) && !one.phase.commands ? { kind: 'waiting' } : one.phase,
    })),
  )
}

export function onDeleted(state: Conversation, messageId: string): Change {
  const prompt = state.prompts.find(({ id }) => id === promptIdOf(messageId))
  if (!prompt) return unchanged(asideChanged(state, messageId, 'deleted'))
  if (isQueued(prompt)) return unchanged(removeFromQueue(state, prompt, prompt.message.authorName))
  if (!isNotHandedOver(prompt)) return unchanged(tooLate(state, prompt, 'deleted'))
  return unchanged(updatePrompt(state, prompt.id, (one) => ({ ...one, phase: { kind: 'ended', end: { kind: 'withdrawn' } } })))
}

/** A question aside is on its way at once. */
function asideChanged(state: Conversation, messageId: string, what: LateChange['what'], edited?: IncomingMessage): Conversation {
  const aside = state.asides.find(({ id }) => id === promptIdOf(messageId))
  if (!aside) return state
  const intent = edited && intentOf(edited.text, () => false)
  return intent && 'text' in intent && intent.text === aside.message.text ? state : tooLate(state, aside, what)
}

function tooLate(state: Conversation, { id }: Pick<Prompt, 'id'>, what: LateChange['what']): Conversation {
  const told = state.late.some((one) => one.promptId === id && one.what === what)
  return told ? state : { ...state, late: [...state.late, { promptId: id, what }] }
}
