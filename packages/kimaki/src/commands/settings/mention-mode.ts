/** `/mention-mode`: whether every message in the channel begins a session, or only those that mention the bot. */
import type { SlashCommand } from '../declaration.ts'

export const mentionMode: SlashCommand = {
  name: 'mention-mode',
  description: 'Begin sessions in this channel only where a message mentions the bot (ping, quiet, listen)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [
    {
      kind: 'string',
      name: 'state',
      description: 'From now on; without it, you are told how it is',
      required: false,
      choices: [
        { name: 'on: only messages that mention the bot', value: 'on' },
        { name: 'off: every message', value: 'off' },
      ],
    },
  ],
  run({ preferences: { channel } }, { options: { state } }) {
    const isOn = channel.mention ?? false
    const wanted = state === 'on' || state === 'off' ? state === 'on' : isOn
    if (wanted === isOn) return { reply: `⬦ ${state === undefined ? '' : 'already so: '}${sentence(isOn)}` }
    return {
      requests: [{ kind: 'set-preference', scope: 'channel', change: { name: 'mention', value: wanted } }],
      reply: `⬦ from now on, ${sentence(wanted)}${wanted ? '\nThreads go on as they are, and `!` commands run without a mention.' : ''}`,
    }
  },
}

const sentence = (isOn: boolean): string =>
  isOn
    ? 'a message in this channel begins a session only where it mentions the bot (mention mode is `on`)'
    : 'every message in this channel begins a session (mention mode is `off`)'
