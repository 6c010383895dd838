/** `/btw` is `. btw`: a question aside, in a thread of its own. */
import type { SlashCommand } from '../declaration.ts'

export const btwCommand: SlashCommand = {
  name: 'btw',
  description: 'Ask a question aside, in a thread of its own; the work here goes on (by the way, fork)',
  where: 'session',
  visibility: 'ephemeral',
  options: [{ kind: 'string', name: 'prompt', description: 'The question', required: true }],
  run: (_state, { options }) => {
    const words = String(options['prompt'] ?? '').trim()
    if (words === '') return { reply: '✗ nothing to ask: the question is empty' }
    return { says: `${words}. btw`, reply: '⬦ asked aside: this thread links to the answer' }
  },
}
