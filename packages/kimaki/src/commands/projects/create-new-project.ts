/**
 * `/create-new-project` makes an empty folder with a Git repository, its channel, and a first thread in which the agent asks what to build.
 *
 *     invoked ─▶ folder made ─▶ its path on record ─▶ channel made and linked ─▶ first words
 */
import type { CommandAnswer, CommandWork } from '../../domain/conversation/command.ts'
import { newFolderName } from '../../domain/project.ts'
import type { SlashCommand } from '../declaration.ts'
import type { Outside } from '../declaration.ts'
import { addedText, notSetUpText } from './answers.ts'

export const createNewProject: SlashCommand = {
  name: 'create-new-project',
  description: 'Make a new folder on the machine of the bot, its channel, and a first thread (init, start)',
  where: 'anywhere',
  visibility: 'public',
  deed: 'set-up',
  options: [{ kind: 'string', name: 'name', description: 'Name of the folder and the channel', required: true }],
  run(_state, { options }) {
    const name = newFolderName(String(options['name'] ?? ''))
    if (name === undefined) return { reply: '✗ not made: there is no letter or digit in this name' }
    return { work: { name } }
  },
  async work({ setup }, { asker, args, isRetry }) {
    if (typeof args['directory'] === 'string') return channelOf(setup, asker, args['directory'])
    const made = await setup.folders.make(String(args['name']), isRetry)
    return made instanceof Error ? { reply: notSetUpText('not made', made) } : { work: { directory: made.directory } }
  },
}

/** What the agent reads first. */
const FIRST_WORDS =
  'This project was just created: its folder is an empty Git repository. Greet me in one line and ask what to build.'

async function channelOf(setup: Outside['setup'], asker: CommandWork['asker'], directory: string): Promise<CommandAnswer> {
  const { guildId, id: interaction, userId, userName } = asker
  const project = await setup.add({ guildId, directory, trust: { isTrusted: undefined, programs: [] } })
  if (project instanceof Error) return { reply: notSetUpText('the folder is made, its channel not', project) }
  const by = { interaction, userId, userName }
  await setup.begin({ project, by, words: FIRST_WORDS, threadName: 'First session' })
  return { reply: addedText({ ...project, isOld: false }) }
}
