/** Tasks as the command line shows them: JSON for programs, a line for people. */
import { jsonForTerminal } from '../../base/text.ts'
import { taskName, type Task, type TaskRun } from '../../domain/schedule/task.ts'
import { timeText } from '../../domain/schedule/zone.ts'
import { scheduleText } from '../../view/text/task.ts'

/** With its newest runs, where they were asked for. */
export interface ShownTask {
  readonly task: Task
  readonly runs: readonly TaskRun[]
}

const iso = (instant: number): string => new Date(instant).toISOString()

export function taskJson({ task, runs }: ShownTask) {
  const { schedule, next, createdAt, files, target, wishes, ...rest } = task
  return {
    ...rest,
    ...(target.kind === 'thread' ? { threadId: target.threadId } : { name: target.name }),
    ...wishes,
    schedule:
      schedule.kind === 'at' ? { at: iso(schedule.at), zone: schedule.zone } : { cron: schedule.expression, zone: schedule.zone },
    next: next === undefined ? null : iso(next),
    files: files.map(({ name }) => name),
    created: iso(createdAt),
    runs: runs.map(({ planned, begun, state, text }) => ({ planned: iso(planned), begun: iso(begun), state, text })),
  }
}

/** The absolute time of the next run, with its zone. */
export const nextText = ({ state, next, schedule: { zone } }: Task): string =>
  state === 'active' && next !== undefined ? timeText(next, zone) : state

export function showTask(print: (line: string) => void, shown: ShownTask, isJson: boolean): void {
  if (isJson) return print(jsonForTerminal(taskJson(shown), 2))
  const { task, runs } = shown
  print(`${task.id}: ${taskName(task)}`)
  print(`  when: ${scheduleText(task.schedule)}, next: ${nextText(task)}${task.why === undefined ? '' : ` (${task.why})`}`)
  print(`  where: ${task.target.kind === 'thread' ? `thread ${task.target.threadId}` : `channel ${task.channelId}`}`)
  for (const { planned, state, text } of runs)
    print(`  ${timeText(planned, task.schedule.zone)}: ${state}${text === '' ? '' : `, ${text}`}`)
}
