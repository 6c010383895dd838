/** `kimaki project link`: makes a Discord channel the place of a project folder. */
import { UsageError } from '../../base/errors.ts'
import type { Project } from '../../ports/store.ts'
import { composedOf, defineCliCommand } from '../command.ts'
import type { Config } from '../config.ts'
import { EXIT_OK } from '../status.ts'
import { checkSnowflake } from '../snowflake.ts'

export const projectLink = defineCliCommand({
  usage: 'project link <folder>',
  description: 'make a Discord channel the place of a project folder',
  options: {
    channel: { flag: '--channel <id>', description: 'id of the text channel', required: true },
    guild: { flag: '--guild <id>', description: 'id of the server', required: true },
  },
  async run({ config, args: [folder = ''], options, print }) {
    const { channel, guild } = options
    const wrongId = checkSnowflake('--channel', channel) ?? checkSnowflake('--guild', guild)
    if (wrongId) return wrongId
    const { realDirectory } = await import('../directory.ts')
    const directory = realDirectory(folder)
    if (directory instanceof Error) return directory
    const project: Project = { channelId: channel, guildId: guild, directory }
    const { throughBotOrStore } = await import('../control/bot-or-store.ts')
    const linked = await throughBotOrStore<Project>(config, {
      call: { method: 'POST', path: '/projects', body: project },
      async withStore(store) {
        await store.linkProject(project, await newestIn(config, channel))
        return project
      },
    })
    if (linked instanceof Error) return linked
    print(`${linked.directory} is now the project of channel ${linked.channelId}`)
    return EXIT_OK
  },
  routes: {
    'POST /projects': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const project = readProject(body)
      if (project instanceof Error) return project
      const newest = await composed.newestIn(project.channelId)
      await composed.projects.link(project, newest instanceof Error ? undefined : newest)
      composed.agent.warm([project.directory])
      return project
    },
  },
})

/**
 * The newest message of the channel, as Discord tells it: this machine's clock may be off. Undefined without a token or an answer; then
 * messages count from the first connection on.
 */
async function newestIn({ token, apiUrl }: Config, channelId: string): Promise<string | undefined> {
  if (token === undefined) return undefined
  const { createChat } = await import('../../discord/chat.ts')
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const chat = createChat({ token, apiUrl, log, identifies: { read: async () => [], write: async () => undefined } })
  const newest = await chat.newestIn(channelId)
  await chat.stop()
  return newest instanceof Error ? undefined : newest
}

function readProject(body: unknown): Project | UsageError {
  const { channelId, guildId, directory } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  if (typeof channelId !== 'string' || typeof guildId !== 'string' || typeof directory !== 'string')
    return new UsageError({ reason: 'channelId, guildId and directory are needed' })
  return { channelId, guildId, directory }
}
