/** Scheduled tasks and their runs, read back. */
import type { DatabaseSync } from 'node:sqlite'
import type { Task, TaskRun } from '../../domain/schedule/task.ts'
import type { TaskRecords } from '../../ports/tasks.ts'

type Row = Readonly<Record<string, unknown>>

export function taskRows(db: DatabaseSync): TaskRecords & Readonly<Record<string, (...args: never[]) => Promise<unknown>>> {
  const all = db.prepare(`SELECT state, next, body FROM task ORDER BY rowid`)
  const byId = db.prepare(`SELECT state, next, body FROM task WHERE id = ?`)
  const due = db.prepare(`SELECT state, next, body FROM task WHERE state = 'active' AND next <= ? ORDER BY next, rowid LIMIT ?`)
  const nextAt = db.prepare(`SELECT next FROM task WHERE state = 'active' AND next IS NOT NULL ORDER BY next LIMIT 1`)
  const running = db.prepare(`SELECT * FROM task_run WHERE state = 'running' ORDER BY begun`)
  const runsOf = db.prepare(`SELECT * FROM task_run WHERE task = ? ORDER BY planned DESC LIMIT ?`)
  return {
    all: async () => all.all().map(taskOf),
    byId: async (id: string) => {
      const row = byId.get(id)
      return row && taskOf(row)
    },
    due: async (now: number, limit: number) => due.all(now, limit).map(taskOf),
    nextAt: async () => numberOrNone(nextAt.get()?.['next']),
    running: async () => running.all().map(runOf),
    runsOf: async (task: string, limit: number) => runsOf.all(task, limit).map(runOf),
  }
}

const numberOrNone = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

const taskOf = ({ state, next, body }: Row): Task => ({
  ...(JSON.parse(String(body)) as Omit<Task, 'state' | 'next'>),
  state: state as Task['state'],
  next: numberOrNone(next),
})

const runOf = ({ task, planned, begun, state, text }: Row): TaskRun => ({
  task: String(task),
  planned: Number(planned),
  begun: Number(begun),
  state: state as TaskRun['state'],
  text: String(text),
})
