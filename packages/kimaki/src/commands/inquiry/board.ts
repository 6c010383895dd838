/** `/board`: which threads of the project wait for whom. `do: pin` keeps one message of the channel up to date. */
import type { SlashCommand } from '../declaration.ts'

export const board: SlashCommand = {
  name: 'board',
  description: 'Which threads wait for you, which work, which are idle (overview, todo, status, inbox)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  decidesUnread: true,
  options: [
    {
      kind: 'string',
      name: 'do',
      description: 'Show it to you (default), or keep one message of this channel up to date for everybody',
      required: false,
      choices: [
        { name: 'show: to you alone', value: 'show' },
        { name: 'pin: a message that is kept up to date', value: 'pin' },
        { name: 'unpin: keep it up to date no longer', value: 'unpin' },
      ],
    },
  ],
  run: ({ channelId }, { options }) => ({ work: { do: options['do'] ?? 'show', channel: channelId } }),
  async work({ inquiry }, { asker, args }) {
    const channelId = String(args['channel'])
    const { boards } = inquiry
    if (args['do'] === 'pin') return { reply: await boards.pin({ guildId: asker.guildId, channelId }, asker.id) }
    if (args['do'] === 'unpin') return { reply: await boards.unpin(channelId) }
    return { reply: await boards.textFor(channelId, asker.userId) }
  },
}
