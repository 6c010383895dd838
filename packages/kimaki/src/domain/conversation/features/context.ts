/**
 * What people say to each other in the thread: a message that begins with the mention of somebody else asks the agent nothing. It is kept,
 * and goes with the next prompt, one that has waited in the queue too, so the agent knows what was said and never answers it. (OpenCode's
 * `noReply` would answer it while a run goes on.)
 */
import { isForOthers, type ContextMessage, type IncomingMessage } from '../../message/incoming.ts'
import { defineFeature, keep } from '../feature.ts'
import { promptIdOf } from '../prompt.ts'

/** Oldest first. */
type ContextSlice = readonly ContextMessage[]

/** More than anybody reads up on: older ones go. */
const KEPT = 50

export const context = defineFeature<ContextSlice>({
  name: 'context',
  version: 1,
  initial: [],
  takes: {
    prompt: (known, { message }) => (isForOthers(message) ? keep([...known, saidIn(message)].slice(-KEPT)) : undefined),
  },
  hasTaken: (known, id) => known.some((said) => promptIdOf(said.id) === id),
  on: {
    'prompt-added': (known, { promptId }) =>
      known.length > 0 ? { slice: [], requests: [{ kind: 'give-context', promptId, context: known }] } : keep(known),
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

const saidIn = ({ id, author, text, attachments }: IncomingMessage): ContextMessage => ({
  id,
  author: author.name,
  text,
  files: attachments.map(({ name }) => name),
})
