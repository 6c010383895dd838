/** `/session-id` tells which session of OpenCode a thread is, for use on the machine itself. */
import type { SlashCommand } from '../declaration.ts'

export const sessionId: SlashCommand = {
  name: 'session-id',
  description: 'Which OpenCode session this thread is, and where (id, attach, terminal)',
  where: 'session',
  visibility: 'ephemeral',
  options: [],
  run: ({ session, directory }) => ({
    reply:
      session.kind === 'open'
        ? `⬦ session \`${session.id}\`\nFolder: \`${directory}\`\nIn a terminal of that machine: \`kimaki attach ${session.id}\``
        : '',
  }),
}
