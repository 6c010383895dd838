/** `kimaki project create`: makes a new folder with a Git repository, and a channel for it. Done again after a failure, it goes on. */
import { UsageError } from '../../base/errors.ts'
import { jsonForTerminal } from '../../base/text.ts'
import { defineCliCommand } from '../command.ts'
import { EXIT_OK } from '../status.ts'

export const projectCreate = defineCliCommand({
  usage: 'project create <name>',
  description: 'make a new folder in the projects folder, and a channel for it',
  examples: ['kimaki project create tulip-shop'],
  options: {
    guild: { flag: '--guild <id>', description: 'id of the server (default: the only one of the bot)' },
    json: { flag: '--json', description: 'tell as JSON what became of it' },
  },
  async run({ config, args: [name = ''], options: { guild, json }, print }) {
    const { checkSnowflake } = await import('../snowflake.ts')
    const wrongId = guild === undefined ? undefined : checkSnowflake('--guild', guild)
    if (wrongId) return wrongId
    const { newFolderName } = await import('../../domain/project.ts')
    const folder = newFolderName(name)
    if (folder === undefined)
      return new UsageError({ reason: `There is no letter or digit in the name "${name}". Choose another one.` })
    const { createProjectFolders } = await import('../folders/project-folders.ts')
    const { createFolders } = await import('../../host/folders.ts')
    const made = await createProjectFolders(config, createFolders()).make(folder, true)
    if (made instanceof Error) return made
    const { addedLines, addProject } = await import('../projects/add.ts')
    const trust = { isTrusted: undefined, programs: [] }
    const added = await addProject(config, { guildId: guild, directory: made.directory, trust })
    if (added instanceof Error) return added
    if (json) print(jsonForTerminal(added))
    else for (const line of addedLines(added)) print(line)
    return EXIT_OK
  },
  routes: {},
})
