/** `/queue` is `. queue`: the message waits until the agent has nothing else to do. */
import type { SlashCommand } from '../declaration.ts'
import { saying } from './say.ts'

export const queueCommand: SlashCommand = {
  name: 'queue',
  description: 'Send a message that waits until the agent has nothing else to do (later, next, after this)',
  where: 'thread',
  visibility: 'public',
  options: [{ kind: 'string', name: 'message', description: 'What the agent is to do then', required: true }],
  run: (_state, { options, userName }) => {
    const words = String(options['message'] ?? '').trim()
    if (words === '') return { reply: '✗ nothing to queue: the message is empty' }
    return { ...saying(userName, words), says: `${words}. queue` }
  },
}
