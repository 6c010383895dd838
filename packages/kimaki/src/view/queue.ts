/** The queue as people see it: a card for each message that waits, and a line when its turn has come. */
import type { Prompt } from '../domain/conversation/prompt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { Block } from './blocks.ts'
import { queuedText, startedText, turnText, unqueuedText } from './notice.ts'

/** `» **ada:** words`, only for what had waited. */
export function turnBlocks({ prompts }: Conversation): readonly Block[] {
  return prompts
    .filter(({ waited }) => waited)
    .map(({ id, message }) => ({
      key: `turn/${id}`,
      text: turnText(message.authorName, message.text),
      closed: true,
      notify: false,
    }))
}

/** The card appears with the message and keeps its last words. */
export function queueBlocks({ prompts, posted }: Conversation): readonly Block[] {
  const line = prompts.filter(({ phase }) => phase.kind === 'queued')
  return prompts.flatMap((prompt) => {
    const key = `queue/${prompt.id}`
    const card = { key, closed: true, notify: false, live: true } as const
    const place = line.indexOf(prompt) + 1
    if (place > 0)
      return [{ ...card, text: queuedText(place), buttons: [{ id: `unqueue:${prompt.id}`, label: 'Remove from queue' }] }]
    return posted.has(key) || isRemoved(prompt) ? [{ ...card, text: lastWords(prompt) }] : []
  })
}

const isRemoved = ({ phase }: Prompt): boolean => phase.kind === 'ended' && phase.end.kind === 'removed'

const lastWords = ({ phase, message }: Prompt): string =>
  phase.kind === 'ended' && phase.end.kind === 'removed' ? unqueuedText(phase.end.by, message.text) : startedText()
