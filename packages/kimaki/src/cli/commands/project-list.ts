/** `kimaki project list`: which channel is which folder. */
import { jsonForTerminal, lineForTerminal } from '../../base/text.ts'
import { composedOf, defineCliCommand } from '../command.ts'
import type { Project } from '../../ports/store.ts'
import { EXIT_OK } from '../status.ts'

export const projectList = defineCliCommand({
  usage: 'project list',
  description: 'show the linked projects',
  options: { json: { flag: '--json', description: 'as JSON' } },
  async run({ config, options, print }) {
    const { throughBotOrStore } = await import('../control/bot-or-store.ts')
    const projects = await throughBotOrStore<readonly Project[]>(config, {
      call: { method: 'GET', path: '/projects' },
      withStore: (store) => store.projects(),
    })
    if (projects instanceof Error) return projects
    if (options.json) print(jsonForTerminal(projects, 2))
    else if (projects.length === 0) print('No project is linked. kimaki project link <folder> --channel <id>')
    else for (const { channelId, directory } of projects) print(`${channelId}  ${lineForTerminal(directory)}`)
    return EXIT_OK
  },
  routes: {
    'GET /projects': async (_body, bot) => {
      const composed = composedOf(bot)
      return composed instanceof Error ? composed : composed.projects.all()
    },
  },
})
