/** `/why`: why is this thread silent? The first link that holds it up, and what to do. */
import { whyText } from '../../view/inquiry/why.ts'
import type { SlashCommand } from '../declaration.ts'

export const whyCommand: SlashCommand = {
  name: 'why',
  description: 'Why is it silent here? Names what holds this thread up, and what to do (stuck, hangs, status, debug)',
  where: 'thread',
  visibility: 'ephemeral',
  decidesUnread: true,
  options: [],
  run: () => ({ work: {} }),
  work: async ({ inquiry, remark }, { asker }) => ({
    reply: [whyText(await inquiry.why(asker.channelId)), remark].filter(Boolean).join('\n'),
  }),
}
