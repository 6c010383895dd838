/**
 * What an edited or deleted message changes in its prompt. A prompt the agent has not got yet follows the person at once, one that no step
 * may have read yet through the session (`recall.ts`); what the agent has read stays as it was (`features/told/late-edits.ts` says so in
 * the thread).
 */
import { intentOf, mayBeCommand } from '../../message/intent.ts'
import type { IncomingMessage } from '../../message/incoming.ts'
import { noEffects, updatePrompt, type Change } from '../change.ts'
import { isNotSubmitted, promptIdOf, type Prompt } from '../prompt.ts'
import type { Conversation } from '../state.ts'
import { mayBeUnread, mayBeReworded, wantRecall } from './recall.ts'

export function onEdited(state: Conversation, message: IncomingMessage): Change {
  return { ...noEffects(reworded(state, message)), events: [{ kind: 'message-edited', message }] }
}

export function onDeleted(state: Conversation, messageId: string): Change {
  const prompt = state.turn.prompts.find(({ id }) => id === promptIdOf(messageId))
  const next = prompt ? withdrawn(state, prompt) : state
  return { ...noEffects(next), events: [{ kind: 'message-deleted', messageId }] }
}

function withdrawn(state: Conversation, prompt: Prompt): Conversation {
  if (isNotSubmitted(prompt))
    return updatePrompt(state, prompt.id, (known) => ({ ...known, phase: { kind: 'ended', end: { kind: 'withdrawn' } } }))
  return mayBeUnread(state, prompt) ? wantRecall(state, prompt, undefined) : state
}

function reworded(state: Conversation, message: IncomingMessage): Conversation {
  const prompt = state.turn.prompts.find(({ id }) => id === promptIdOf(message.id))
  const text = wordsOf(message)
  if (!prompt) return state
  const edited: IncomingMessage = {
    ...message,
    text,
    attachments: prompt.message.attachments,
    reply: message.reply ?? prompt.message.reply,
    ...(prompt.message.context && { context: prompt.message.context }),
  }
  if (!isNotSubmitted(prompt))
    return mayBeUnread(state, prompt) && mayBeReworded(prompt, edited) ? wantRecall(state, prompt, edited) : state
  // Discord tells a link's preview as an edit, too.
  if (text === prompt.message.text) return state
  return updatePrompt(state, prompt.id, (known) => ({
    ...known,
    message: edited,
    phase: known.phase.kind === 'ready' && mayBeCommand(text) && !known.phase.commands ? { kind: 'waiting' } : known.phase,
  }))
}

/** The text of a message without its suffix. */
export function wordsOf({ text }: Pick<IncomingMessage, 'text'>): string {
  const intent = intentOf(text, () => false)
  return 'text' in intent ? intent.text : text
}
