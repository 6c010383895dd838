/** What people read of scheduled tasks and their runs. */
import { isLate, taskName, type Task, type TaskRun } from '../../domain/schedule/task.ts'
import type { Schedule } from '../../domain/schedule/when.ts'
import { timeText } from '../../domain/schedule/zone.ts'
import { plain } from './notice.ts'

const NAME_MAX = 60
const REASON_MAX = 600

const named = (task: Task): string => `task **${plain(taskName(task), NAME_MAX)}** (\`${task.id}\`)`

/** Undefined: it began when it was planned. */
function lateness({ schedule: { zone } }: Task, run: Pick<TaskRun, 'planned' | 'begun'>): string {
  if (!isLate(run)) return ''
  return ` late, ${spanText(run.begun - run.planned)} after ${timeText(run.planned, zone)}: kimaki was off, or held up`
}

const MINUTE_MS = 60_000

function spanText(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

export interface RunEnd {
  readonly ok: boolean
  readonly text: string
  readonly threadId: string | undefined
}

export function taskEndText(task: Task, run: TaskRun, { ok, text, threadId }: RunEnd): string {
  const where = threadId === undefined ? '' : ` <#${threadId}>`
  const late = lateness(task, run)
  if (ok) return `⬥ ${named(task)} has run${late}${late && where ? '.' : ''}${where}`
  return `✗ ${named(task)} failed${late}:${where} ${plain(text.replace(/^[✗⬦]\s*/u, ''), REASON_MAX)}`
}

export const taskSkippedText = (task: Task, { planned, text }: Pick<TaskRun, 'planned' | 'text'>): string =>
  `⬦ ${named(task)} was skipped at ${timeText(planned, task.schedule.zone)}: ${plain(text, REASON_MAX)}`

export const taskPausedText = (task: Task): string =>
  `✗ ${named(task)} is paused: ${plain(task.why ?? '', REASON_MAX)}\nOnce that is mended, \`kimaki task resume ${task.id}\` lets it go on.`

export function reminderText(task: Task, run: Pick<TaskRun, 'planned' | 'begun'>): string {
  const late = lateness(task, run)
  return late === '' ? task.prompt : `${task.prompt}\n⬦${late}`
}

export const scheduleText = (schedule: Schedule): string =>
  schedule.kind === 'at' ? timeText(schedule.at, schedule.zone) : `${schedule.expression} (${schedule.zone})`

/** Discord shows it in the reader's own zone. */
const stamp = (instant: number, form: 'R' | 'F'): string => `<t:${Math.floor(instant / 1000)}:${form}>`

const LISTED = 15

export function tasksText(known: readonly { readonly task: Task; readonly runs: readonly TaskRun[] }[]): string {
  if (known.length === 0) return '⬦ there is no task here: `/schedule` makes one'
  const lines = known.slice(0, LISTED).map(({ task, runs: [last] }) => {
    const next =
      task.state === 'active' && task.next !== undefined
        ? `next ${stamp(task.next, 'R')}`
        : `paused: ${plain(task.why ?? '', 60)}`
    return `- \`${task.id}\` **${plain(taskName(task), 40)}**: ${next}${last ? `, last run ${last.state}` : ''}`
  })
  return [...lines, ...(known.length > LISTED ? [`- and ${known.length - LISTED} more: \`kimaki task list\``] : [])].join('\n')
}

export const previewText = (task: Task, times: readonly number[]): string =>
  [
    `⬦ **${plain(taskName(task), NAME_MAX)}**, ${plain(scheduleText(task.schedule), 100)}. Its next runs:`,
    ...times.map((at) => `- ${timeText(at, task.schedule.zone)} (${stamp(at, 'F')} for you)`),
  ].join('\n')
