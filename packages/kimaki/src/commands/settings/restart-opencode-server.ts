/** `/restart-opencode-server` ends the OpenCode of a project and starts another: what is configured is read anew. */
import type { SlashCommand } from '../declaration.ts'

export const restartServer: SlashCommand = {
  name: 'restart-opencode-server',
  description: 'End the OpenCode server of this project and start another (reload, plugins, configuration)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [],
  run: () => ({ work: {} }),
  /** Done twice, it costs another start. */
  async work({ agent }, { directory }) {
    const failed = await agent.restart(directory)
    return (
      failed ?? {
        reply: '⬦ OpenCode was restarted for this project\nThreads whose run was cut off say so, or go on by themselves.',
      }
    )
  },
}
