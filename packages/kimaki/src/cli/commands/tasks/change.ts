/** `kimaki task pause`, `task resume` and `task delete`: what is done to a task as a whole. */
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

const JSON_OPTION = { json: { flag: '--json', description: 'tell as JSON how the task is then' } } as const

const verb = (kind: 'pause' | 'resume' | 'delete', description: string, told: string) =>
  defineCliCommand({
    usage: `task ${kind} <task>`,
    description,
    examples: [`kimaki task ${kind} t1a2b3c4d`],
    options: JSON_OPTION,
    async run({ config, args: [named], options, print }) {
      const { askToChange, readId } = await import('../../scheduling/ask.ts')
      const id = readId(named)
      if (id instanceof Error) return id
      const task = await askToChange(config, { kind, id })
      if (task instanceof Error) return task
      const { nextText, showTask } = await import('../../scheduling/shown.ts')
      if (options.json) showTask(print, { task, runs: [] }, true)
      else print(`${told}${kind === 'resume' ? ` ${nextText(task)}` : ''}`)
      return EXIT_OK
    },
    routes: {},
  })

export const taskPause = {
  ...verb('pause', 'let a scheduled task rest until it is resumed', 'The task rests. "kimaki task resume" lets it go on.'),
  routes: {
    'POST /tasks/change': async (body: unknown, bot: Parameters<typeof composedOf>[0]) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { readWish } = await import('../../scheduling/body.ts')
      const wish = readWish(body)
      return wish instanceof Error ? wish : composed.bot.tasks.change(wish)
    },
  },
}
export const taskResume = verb('resume', 'let a paused task go on with its next planned time', 'The task goes on. Next run:')
export const taskDelete = verb('delete', 'delete a scheduled task; a run that has begun goes on', 'The task is deleted.')
