/** `kimaki project list`: which channel is which folder, and whether both are there. */
import { jsonForTerminal, lineForTerminal } from '../../base/text.ts'
import type { SurveyedProject } from '../../app/projects/survey.ts'
import { composedOf, defineCliCommand } from '../command.ts'
import { EXIT_OK } from '../status.ts'

export const projectList = defineCliCommand({
  usage: 'project list',
  description: 'show the linked projects: channel, server, folder, state',
  options: { json: { flag: '--json', description: 'as JSON' } },
  async run({ config, options, print }) {
    const { projectsNow } = await import('../projects/projects-now.ts')
    const projects = await projectsNow(config)
    if (projects instanceof Error) return projects
    if (options.json) print(jsonForTerminal(projects, 2))
    else if (projects.length === 0) print('No project is linked. kimaki project add <folder> makes a channel for one.')
    else for (const line of linesOf(projects)) print(line)
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

/** Columns of one width, the path last: it is the longest. */
export function linesOf(projects: readonly SurveyedProject[]): readonly string[] {
  const rows = projects.map(({ channelId, channelName, guildId, guildName, state, directory }) => [
    channelId,
    channelName === null ? '-' : `#${channelName}`,
    guildName ?? guildId,
    state,
    directory,
  ])
  const cells = rows.map((row) => row.map(lineForTerminal))
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
}
