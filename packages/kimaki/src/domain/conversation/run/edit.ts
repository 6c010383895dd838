/**
 * What an edited or deleted message changes in its prompt. A prompt the agent has not got yet follows the person; what the agent has got
 * stays as it was (`features/told/late-edits.ts` says so in the thread).
 */
import { intentOf, mayBeCommand } from '../../message/intent.ts'
import type { IncomingMessage } from '../../message/incoming.ts'
import { noEffects, updatePrompt, type Change } from '../change.ts'
import { isNotSubmitted, promptIdOf } from '../prompt.ts'
import type { Conversation } from '../state.ts'

export function onEdited(state: Conversation, message: IncomingMessage): Change {
  return { ...noEffects(reworded(state, message)), events: [{ kind: 'message-edited', message }] }
}

export function onDeleted(state: Conversation, messageId: string): Change {
  const prompt = state.turn.prompts.find(({ id }) => id === promptIdOf(messageId))
  const next =
    prompt && isNotSubmitted(prompt)
      ? updatePrompt(state, prompt.id, (known) => ({ ...known, phase: { kind: 'ended', end: { kind: 'withdrawn' } } }))
      : state
  return { ...noEffects(next), events: [{ kind: 'message-deleted', messageId }] }
}

function reworded(state: Conversation, message: IncomingMessage): Conversation {
  const prompt = state.turn.prompts.find(({ id }) => id === promptIdOf(message.id))
  const text = wordsOf(message)
  // Discord tells a link's preview as an edit, too.
  if (!prompt || !isNotSubmitted(prompt) || text === prompt.message.text) return state
  return updatePrompt(state, prompt.id, (known) => ({
    ...known,
    message: {
      ...message,
      text,
      attachments: known.message.attachments,
      reply: message.reply ?? known.message.reply,
      ...(known.message.context && { context: known.message.context }),
    },
    phase: known.phase.kind === 'ready' && mayBeCommand(text) && !known.phase.commands ? { kind: 'waiting' } : known.phase,
  }))
}

/** The text of a message without its suffix. */
export function wordsOf({ text }: Pick<IncomingMessage, 'text'>): string {
  const intent = intentOf(text, () => false)
  return 'text' in intent ? intent.text : text
}
