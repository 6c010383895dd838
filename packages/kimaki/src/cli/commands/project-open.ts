/** `kimaki project open`: the channel of a project in Discord. */
import { jsonForTerminal } from '../../base/text.ts'
import { defineCliCommand } from '../command.ts'
import { EXIT_OK } from '../status.ts'

export const projectOpen = defineCliCommand({
  usage: 'project open [project]',
  description: 'print the address of the channel of a project (default: this folder), and open it from a terminal',
  examples: ['kimaki project open', 'kimaki project open ~/code/garden'],
  options: { json: { flag: '--json', description: 'as JSON; nothing is opened' } },
  async run({ config, args: [wanted = '.'], options, print }) {
    const { projectsNow } = await import('../projects/projects-now.ts')
    const projects = await projectsNow(config)
    if (projects instanceof Error) return projects
    const { whichProject } = await import('../projects/which-project.ts')
    const project = whichProject(projects, wanted)
    if (project instanceof Error) return project
    const { addressOf } = await import('../projects/channel-address.ts')
    const address = addressOf(project)
    print(options.json ? jsonForTerminal({ ...project, address }) : address)
    if (process.stdout.isTTY && !options.json) (await import('../projects/open-address.ts')).openAddress(address)
    return EXIT_OK
  },
  routes: {},
})
