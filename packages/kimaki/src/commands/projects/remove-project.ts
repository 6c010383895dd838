/** `/remove-project` unlinks a channel from its folder and, when the person chooses it, deletes the channel. The folder is never touched. */
import type { SlashCommand } from '../declaration.ts'
import { notSetUpText, removedText } from './answers.ts'
import { CHOICES_MAX, choiceOf, isMeant } from './find.ts'

export const removeProject: SlashCommand = {
  name: 'remove-project',
  description: 'Unlink a project from its channel; its folder stays as it is (disconnect, delete channel)',
  where: 'anywhere',
  visibility: 'public',
  deed: 'set-up',
  options: [
    { kind: 'string', name: 'project', description: 'A project of this server', required: true, autocomplete: true },
    {
      kind: 'string',
      name: 'channel',
      description: 'What becomes of its channel in Discord; without it, the channel stays',
      required: false,
      choices: [
        { name: 'keep it, with all that was said', value: 'keep' },
        { name: 'delete it, with all that was said in it', value: 'delete' },
      ],
    },
  ],
  run: (_state, { options }) => ({
    work: {
      project: channelIn(String(options['project'] ?? '')),
      deletes: options['channel'] === 'delete',
    },
  }),
  async work({ setup }, { asker: { guildId }, args, isRetry }) {
    const channelId = String(args['project'])
    const project = setup.linked(guildId).find((linked) => linked.channelId === channelId)
    // An earlier attempt may have unlinked it.
    if (!project && !isRetry)
      return { reply: '✗ not removed: that is no project of this server\nChoose one of those that are proposed.' }
    const removed = await setup.remove(channelId, args['deletes'] === true)
    if (removed instanceof Error) return { reply: notSetUpText('not removed', removed) }
    return { reply: removedText(removed ?? { directory: '', channel: 'kept' }, channelId) }
  },
  proposes: {
    project: async ({ setup }, { typed, guildId }) =>
      setup
        .linked(guildId)
        .filter(({ directory }) => isMeant(directory, typed))
        .slice(0, CHOICES_MAX)
        .map(({ channelId, directory }) => choiceOf(directory, channelId)),
  },
}

/** An id, or a channel that was mentioned. */
const channelIn = (text: string): string => /^(?:<#)?(\d+)>?$/.exec(text.trim())?.[1] ?? text
