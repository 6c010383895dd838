/** `kimaki task show`: one scheduled task, with its newest runs. */
import { defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

export const taskShow = defineCliCommand({
  usage: 'task show <task>',
  description: 'show a scheduled task and its newest runs',
  examples: ['kimaki task show t1a2b3c4d'],
  options: { json: { flag: '--json', description: 'as JSON' } },
  async run({ config, args: [named], options, print }) {
    const { askForTasks, readId } = await import('../../scheduling/ask.ts')
    const id = readId(named)
    if (id instanceof Error) return id
    const found = await askForTasks(config, id)
    if (found instanceof Error) return found
    const { showTask } = await import('../../scheduling/shown.ts')
    for (const shown of found) showTask(print, shown, options.json === true)
    return EXIT_OK
  },
  routes: {},
})
