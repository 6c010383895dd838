/** Scheduled tasks and their runs on record. What is written of them is part of a `Batch`. */
import type { UsageError } from '../base/errors.ts'
import type { Task, TaskRun } from '../domain/schedule/task.ts'

export interface TaskRecords {
  /** Those that are not done yet, and those that are. */
  all(): Promise<readonly Task[]>
  byId(id: string): Promise<Task | undefined>
  /** Active tasks that are due at this instant (Unix ms), the earliest first, at most `limit`. */
  due(now: number, limit: number): Promise<readonly Task[]>
  /** When the next one is due. */
  nextAt(): Promise<number | undefined>
  /** Runs that have begun and have no end on record. */
  running(): Promise<readonly TaskRun[]>
  /** Newest first. */
  runsOf(task: string, limit: number): Promise<readonly TaskRun[]>
}

/** A task with its newest runs. */
export interface KnownTask {
  readonly task: Task
  readonly runs: readonly TaskRun[]
}

/** What slash commands want of tasks. Done again with the same ids, it is the same. */
export interface TaskKeeper {
  /** Of a server, each with its last run; those that are done are left out. */
  list(guildId: string): Promise<readonly KnownTask[]>
  change(wish: { readonly kind: 'pause' | 'resume' | 'delete'; readonly id: string }): Promise<Task | UsageError>
  /** `planned`: the instant of the run (Unix ms). */
  runNow(id: string, planned: number): Promise<Task | UsageError>
  /** A task that rests until somebody confirms it. */
  draft(wanted: DraftTask): Promise<Task | UsageError>
  /** The next instants at which it is due. */
  times(task: Task, count: number): Promise<readonly number[]>
}

export interface DraftTask {
  /** Of the interaction that asks for it. */
  readonly requestId: string
  readonly target: Task['target']
  readonly prompt: string
  readonly when: string
  readonly zone: string | undefined
  readonly notifyOnly: boolean
  readonly userId: string
}
