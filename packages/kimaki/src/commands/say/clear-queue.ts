/** `/clear-queue` takes messages that wait out of the queue: all of them, or one. */
import { oneLine } from '../../base/text.ts'
import { isWaiting, queue } from '../../domain/conversation/features/queue.ts'
import { plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

const WORDS_MAX = 60
const SHOWN_MAX = 10

export const clearQueue: SlashCommand = {
  name: 'clear-queue',
  description: 'Take the messages that wait out of the queue, or one of them (remove, cancel, unqueue)',
  where: 'thread',
  visibility: 'public',
  options: [{ kind: 'integer', name: 'position', description: 'Only the one at this place; 1 is next', required: false }],
  run: (state, { options, userName }) => {
    const waiting = queue.of(state).filter(isWaiting)
    const { position } = options
    if (waiting.length === 0) return { reply: '✗ nothing waits in the queue of this thread' }
    const nth = position === undefined ? undefined : Number(position)
    const taken = nth === undefined ? waiting : waiting.filter((_, index) => index === nth - 1)
    if (taken.length === 0)
      return { reply: `✗ nothing waits at position ${nth}\nThe queue has positions 1 to ${waiting.length}.` }
    const lines = taken.slice(0, SHOWN_MAX).map(({ message }, index) => `${nth ?? index + 1}. ${wordsOf(message)}`)
    const more = taken.length > SHOWN_MAX ? [`… and ${taken.length - SHOWN_MAX} more`] : []
    return {
      requests: [{ kind: 'unqueue', ids: taken.map(({ id }) => id), by: userName }],
      reply: ['⬦ taken out of the queue:', ...lines, ...more].join('\n'),
    }
  },
}

const wordsOf = ({ text, attachments }: { readonly text: string; readonly attachments: readonly unknown[] }): string =>
  text === '' ? `*${attachments.length} ${attachments.length === 1 ? 'file' : 'files'}*` : plain(oneLine(text), WORDS_MAX)
