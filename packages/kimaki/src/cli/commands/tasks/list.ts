/** `kimaki task list`: scheduled tasks, and when each runs next. */
import { jsonForTerminal } from '../../../base/text.ts'
import { taskName } from '../../../domain/schedule/task.ts'
import { scheduleText } from '../../../view/text/task.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import type { ShownTask } from '../../scheduling/shown.ts'
import { EXIT_OK } from '../../status.ts'
import type { Column } from '../../terminal/table.ts'

export const taskList = defineCliCommand({
  usage: 'task list',
  description: 'show scheduled tasks, and when each runs next',
  examples: ['kimaki task list', "kimaki task list --all --json | jq -r '.[].id'"],
  options: {
    all: { flag: '--all', description: 'those that have run for the last time, too' },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, options, print }) {
    const { askForTasks } = await import('../../scheduling/ask.ts')
    const found = await askForTasks(config)
    if (found instanceof Error) return found
    const tasks = found.filter(({ task }) => options.all === true || task.state !== 'done')
    const { nextText, taskJson } = await import('../../scheduling/shown.ts')
    if (options.json) print(jsonForTerminal(tasks.map(taskJson), 2))
    else if (tasks.length === 0) print('There is no task. "kimaki send --send-at" makes one.')
    else {
      const { writeTable } = await import('../../terminal/paper.ts')
      writeTable(
        { config, print },
        COLUMNS,
        tasks.map((shown) => rowOf(shown, nextText(shown.task))),
      )
    }
    return EXIT_OK
  },
  routes: {
    'POST /tasks/list': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { id } = (typeof body === 'object' && body !== null ? body : {}) as { readonly id?: unknown }
      const { tasksIn } = await import('../../scheduling/ask.ts')
      return tasksIn(composed.store, typeof id === 'string' ? id : undefined)
    },
  },
})

const COLUMNS: readonly Column[] = [
  { title: 'task' },
  { title: 'next run' },
  { title: 'when' },
  { title: 'last run' },
  { title: 'what', mayBeCut: true },
]

const rowOf = ({ task, runs: [last] }: ShownTask, next: string): readonly string[] => [
  task.id,
  next,
  scheduleText(task.schedule),
  last?.state ?? '-',
  taskName(task),
]
