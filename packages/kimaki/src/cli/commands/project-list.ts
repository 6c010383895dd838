/** `kimaki project list`: which channel is which folder, and whether both are there. */
import { jsonForTerminal } from '../../base/text.ts'
import type { SurveyedProject } from '../../app/projects/survey.ts'
import { composedOf, defineCliCommand } from '../command.ts'
import { EXIT_OK } from '../status.ts'
import type { Column } from '../terminal/table.ts'

export const projectList = defineCliCommand({
  usage: 'project list',
  description: 'show the linked projects: channel, server, folder, state',
  examples: ['kimaki project list', "kimaki project list --json | jq -r '.[].directory'"],
  options: { json: { flag: '--json', description: 'as JSON' } },
  async run({ config, options, print }) {
    const { projectsNow } = await import('../projects/projects-now.ts')
    const projects = await projectsNow(config)
    if (projects instanceof Error) return projects
    if (options.json) print(jsonForTerminal(projects, 2))
    else if (projects.length === 0) print('No project is linked. kimaki project add <folder> makes a channel for one.')
    else (await import('../terminal/paper.ts')).writeTable({ config, print }, COLUMNS, rowsOf(projects))
    return EXIT_OK
  },
  routes: {
    'GET /projects': async (_body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { survey } = await import('../../app/projects/survey.ts')
      return survey(composed.projects.all(), composed.bot.setup.folders, composed.chat)
    },
  },
})

export const COLUMNS: readonly Column[] = [
  { title: 'channel' },
  { title: 'name', mayBeCut: true },
  { title: 'server', mayBeCut: true },
  { title: 'state' },
  { title: 'folder' },
]

export const rowsOf = (projects: readonly SurveyedProject[]): readonly (readonly string[])[] =>
  projects.map(({ channelId, channelName, guildId, guildName, state, directory }) => [
    channelId,
    channelName === null ? '-' : `#${channelName}`,
    guildName ?? guildId,
    state,
    directory,
  ])
