/** *Queue this* in the menu of a message: its words wait until the agent has nothing else to do, as `/queue` has them wait. */
import { messageText } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

export const queueThis: SlashCommand = {
  kind: 'message',
  name: 'Queue this',
  description: 'The words of a message wait until the agent has nothing else to do',
  where: 'thread',
  visibility: 'public',
  options: [],
  run: (_state, { target, userName }) => {
    const words = target?.text.trim() ?? ''
    if (words === '') return { reply: '✗ nothing to queue: the message has no words' }
    const without = target?.hasFiles ? '\nIts files do not go along: send them in a message that ends with `. queue`.' : ''
    return { says: `${words}. queue`, reply: `${messageText(userName, words)}${without}` }
  },
}
