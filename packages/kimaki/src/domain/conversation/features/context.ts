/**
 * What people say to each other in the thread: a message that begins with the mention of somebody else asks the agent nothing. It is kept,
 * and goes with the next message that does ask, so the agent knows what was said and never answers it. (OpenCode's `noReply` would answer it
 * while a run goes on.)
 */
import { isForOthers, type ContextMessage, type IncomingMessage } from '../../message/incoming.ts'
import { defineFeature, keep, type FeatureChange, type TakenMessage } from '../feature.ts'
import { promptIdOf } from '../prompt.ts'

/** Oldest first. */
type ContextSlice = readonly ContextMessage[]

/** More than anybody reads up on: older ones go. */
const KEPT = 50

export const context = defineFeature<ContextSlice>({
  name: 'context',
  version: 1,
  initial: [],
  takes: { prompt: takePrompt },
  hasTaken: (known, id) => known.some((said) => promptIdOf(said.id) === id),
  on: {
    'message-edited': (known, { message }) =>
      keep(
        known.some(({ id }) => id === message.id)
          ? known.map((said) => (said.id === message.id ? saidIn(message) : said))
          : known,
      ),
    'message-deleted': (known, { messageId }) =>
      keep(known.some(({ id }) => id === messageId) ? known.filter(({ id }) => id !== messageId) : known),
  },
})

function takePrompt(known: ContextSlice, { id, order, message, at }: TakenMessage): FeatureChange<ContextSlice> | undefined {
  if (isForOthers(message)) return keep([...known, saidIn(message)].slice(-KEPT))
  if (known.length === 0) return undefined
  return {
    slice: [],
    requests: [{ kind: 'add-prompt', id, order, message: { ...message, context: known }, acceptedAt: at, waited: false }],
  }
}

const saidIn = ({ id, author, text, attachments }: IncomingMessage): ContextMessage => ({
  id,
  author: author.name,
  text,
  files: attachments.map(({ name }) => name),
})
