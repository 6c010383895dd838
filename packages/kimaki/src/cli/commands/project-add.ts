/** `kimaki project add`: makes a channel for a folder, and links the two. */
import { jsonForTerminal } from '../../base/text.ts'
import { composedOf, defineCliCommand } from '../command.ts'
import { EXIT_OK } from '../status.ts'

export const projectAdd = defineCliCommand({
  usage: 'project add [folder]',
  description: 'make a channel for a folder (default: this one), under the category Kimaki',
  examples: ['kimaki project add', 'kimaki project add ~/code/garden --trust'],
  options: {
    guild: { flag: '--guild <id>', description: 'id of the server (default: the only one of the bot)' },
    trust: { flag: '--trust', description: 'run the plugins and other programs that the folder brings' },
    force: { flag: '--force', description: 'add a folder that holds everything: /, home, the data folder' },
    json: { flag: '--json', description: 'tell as JSON what became of it' },
  },
  async run({ config, args: [folder = '.'], options, print }) {
    const { guild, trust = false, force = false, json } = options
    const { checkSnowflake } = await import('../snowflake.ts')
    const wrongId = guild === undefined ? undefined : checkSnowflake('--guild', guild)
    if (wrongId) return wrongId
    const { realDirectory } = await import('../directory.ts')
    const directory = realDirectory(folder)
    if (directory instanceof Error) return directory
    const { askForTrust, askOnTerminal } = await import('../trust.ts')
    const { dataDir, projectsDir } = config
    const ask = json ? undefined : askOnTerminal()
    const lines = json ? () => undefined : print
    const decision = await askForTrust({ directory, dataDir, projectsDir, trust, force, print: lines, ask })
    if (decision instanceof Error) return decision
    const { addProject } = await import('../projects/add.ts')
    const added = await addProject(config, { guildId: guild, directory, trust: decision })
    if (added instanceof Error) return added
    const { addedLines } = await import('../projects/add.ts')
    if (json) print(jsonForTerminal(added))
    else for (const line of addedLines(added)) print(line)
    return EXIT_OK
  },
  routes: {
    'POST /projects/add': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { addWith, readAddRequest } = await import('../projects/add.ts')
      const request = readAddRequest(body)
      return request instanceof Error ? request : addWith(composed.bot.setup, composed.chat, request)
    },
    'POST /projects/welcome': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { welcomeWith } = await import('../projects/add.ts')
      return welcomeWith(composed.bot.setup, (body as { readonly guildId?: unknown } | undefined)?.guildId)
    },
  },
})
