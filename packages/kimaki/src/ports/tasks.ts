/** Scheduled tasks and their runs on record. What is written of them is part of a `Batch`. */
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
