/** `/share` puts the session on OpenCode's public site, or takes it down again. */
import type { SlashCommand } from '../declaration.ts'

export const share: SlashCommand = {
  name: 'share',
  description: 'Share the session of this thread by a public link, or stop sharing it (publish, link, unshare)',
  where: 'session',
  visibility: 'public',
  options: [
    {
      kind: 'string',
      name: 'state',
      description: 'Share it (default), or take it down',
      required: false,
      choices: [
        { name: 'on: everybody with the link can read it', value: 'on' },
        { name: 'off: take it down', value: 'off' },
      ],
    },
  ],
  run: (_state, { options }) => ({ work: { isShared: options['state'] !== 'off' } }),
  async work({ agent }, { directory, session = '', args }) {
    const isShared = args['isShared'] === true
    const summary = await agent.sessions.share(directory, session, isShared)
    if (summary instanceof Error) return summary
    if (!isShared) return { reply: '⬦ not shared any more' }
    const { sharedAt } = summary
    return { reply: sharedAt === undefined ? '✗ OpenCode shared the session but gave no link' : `⬦ shared: ${sharedAt}` }
  },
}
