/**
 * A task: what is asked of the agent, or told to people, at planned instants. Pure.
 *
 *     active ──(due)──▶ a run for that instant; the next one is planned in the same commit
 *       │ ▲                └──(there is no next one)──▶ done
 *       │ └── resume
 *       └──(a person; rights or place are gone; ten failures in a row)──▶ paused
 */
import type { PermissionRule } from '../agent.ts'
import type { IncomingAttachment } from '../message/incoming.ts'
import type { ModelChoice } from '../models/preferences.ts'
import type { Schedule } from './when.ts'

export interface Task {
  readonly id: string
  /** The project channel. */
  readonly channelId: string
  readonly guildId: string
  readonly target:
    | { readonly kind: 'channel'; readonly channelId: string; readonly name: string | undefined }
    | { readonly kind: 'thread'; readonly threadId: string }
  readonly prompt: string
  readonly schedule: Schedule
  /** Whose rights count, and who is told of trouble; undefined: the machine's owner, by the command line. */
  readonly userId: string | undefined
  readonly wishes: {
    readonly agent?: string | undefined
    readonly model?: ModelChoice | undefined
    readonly rules?: readonly PermissionRule[] | undefined
    readonly cwd?: string | undefined
    readonly parent?: string | undefined
  }
  /** Kept in the data folder, under the id of the task. */
  readonly files: readonly IncomingAttachment[]
  /** It is only told to people: nobody answers. */
  readonly notifyOnly: boolean
  /** A run may begin while an earlier one goes on. */
  readonly overlaps: boolean
  /** What becomes of an instant that passed while the machine was off. */
  readonly missed: 'run' | 'skip'
  readonly createdAt: number
  readonly state: 'active' | 'paused' | 'done'
  /** Of a paused task. */
  readonly why?: string | undefined
  /** Unix ms; undefined: there is none. */
  readonly next: number | undefined
  /** In a row. */
  readonly failures: number
}

export interface TaskRun {
  readonly task: string
  /** Unix ms: together with the task its key. */
  readonly planned: number
  /** Unix ms. */
  readonly begun: number
  readonly state: 'running' | 'done' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly text: string
}

/** A change of the tasks on record; all of a commit are written together. */
export type TaskChange =
  | { readonly kind: 'put'; readonly task: Task }
  | { readonly kind: 'drop'; readonly id: string }
  | { readonly kind: 'run'; readonly run: TaskRun }

const FAILURES_MAX = 10
/** A run that begins so long after its instant is told as late. */
const LATE_MS = 60_000

export const runId = ({ task, planned }: Pick<TaskRun, 'task' | 'planned'>): string => `${task}-${planned}`

/** The key of the acceptance that begins the run. */
export const runKey = (run: Pick<TaskRun, 'task' | 'planned'>): string => `send:${runId(run)}`

/** Where the files of a task are kept. */
export const filesOf = (id: string): string => `task-${id}`

export const isLate = ({ planned, begun }: Pick<TaskRun, 'planned' | 'begun'>): boolean => begun - planned > LATE_MS

/** After a run: ten failures in a row pause the task. `isTold`: that has just happened. */
export function afterRun(task: Task, hasFailed: boolean): { readonly task: Task; readonly isPaused: boolean } {
  const failures = hasFailed ? task.failures + 1 : 0
  const isPaused = failures >= FAILURES_MAX && task.state === 'active'
  const why = `its last ${FAILURES_MAX} runs failed`
  return { task: { ...task, failures, ...(isPaused && { state: 'paused' as const, why }) }, isPaused }
}

export const paused = (task: Task, why: string): Task => ({ ...task, state: 'paused', why })

/** Beginnings of the words, in one line. */
export function taskName({ target, prompt }: Pick<Task, 'target' | 'prompt'>): string {
  const words = (target.kind === 'channel' ? target.name : undefined) ?? prompt
  const line = words.replaceAll(/\s+/g, ' ').trim()
  return line.length <= 60 ? line : `${line.slice(0, 59).trimEnd()}…`
}
