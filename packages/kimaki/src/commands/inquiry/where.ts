/** *Where is this?* in the menu of a message: how far it has come. */
import { whereText } from '../../view/inquiry/where.ts'
import type { SlashCommand } from '../declaration.ts'

export const whereCommand: SlashCommand = {
  kind: 'message',
  name: 'Where is this?',
  description: 'How far a message has come: received, waiting, with the agent, answered, or refused and why',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  decidesUnread: true,
  options: [],
  run: (_state, { target }) =>
    target ? { work: { message: target.id, author: target.authorId ?? null } } : { reply: '✗ no message was named' },
  async work({ inquiry }, { asker, args }) {
    const authorId = typeof args['author'] === 'string' ? args['author'] : undefined
    const target = { id: String(args['message']), text: '', hasFiles: false, authorId }
    return { reply: whereText(await inquiry.where(target, asker), asker.guildId) }
  },
}
