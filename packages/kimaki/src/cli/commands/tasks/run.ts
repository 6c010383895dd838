/** `kimaki task run`: runs a task now, whatever is planned. */
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

export const taskRun = defineCliCommand({
  usage: 'task run <task>',
  description: 'run a scheduled task now; what is planned stays as it is',
  examples: ['kimaki task run t1a2b3c4d'],
  options: { json: { flag: '--json', description: 'tell as JSON how the task is then' } },
  async run({ config, args: [named], options, print }) {
    const { readId } = await import('../../scheduling/ask.ts')
    const id = readId(named)
    if (id instanceof Error) return id
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const { showTask } = await import('../../scheduling/shown.ts')
    const task = await askRunningBot<Parameters<typeof showTask>[1]['task']>(config, {
      method: 'POST',
      path: '/tasks/run',
      body: { id },
    })
    if (task instanceof Error) return task
    if (options.json) showTask(print, { task, runs: [] }, true)
    else print('The task runs. Its channel tells what becomes of it.')
    return EXIT_OK
  },
  routes: {
    'POST /tasks/run': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { readId } = await import('../../scheduling/ask.ts')
      const { id } = (typeof body === 'object' && body !== null ? body : {}) as { readonly id?: unknown }
      const named = readId(typeof id === 'string' ? id : undefined)
      return named instanceof Error ? named : composed.bot.tasks.runNow(named)
    },
  },
})
