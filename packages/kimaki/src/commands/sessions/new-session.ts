/** `/new-session` begins a conversation in a thread of its own. */
import { launchFor } from '../../domain/conversation/command.ts'
import type { SlashCommand } from '../declaration.ts'

export const newSession: SlashCommand = {
  name: 'new-session',
  description: 'Begin a new session in a thread of its own (start, task, chat)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [{ kind: 'string', name: 'prompt', description: 'What the agent is to do', required: true }],
  run: (state, { options, ...asker }) => {
    const words = String(options['prompt'] ?? '').trim()
    return words === '' ? { reply: '✗ not begun: the prompt is empty' } : { requests: [launchFor(asker, words, state)] }
  },
}
