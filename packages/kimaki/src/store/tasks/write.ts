/** Changes of scheduled tasks as SQL, inside the transaction of a batch. */
import type { DatabaseSync } from 'node:sqlite'
import type { TaskChange } from '../../domain/schedule/task.ts'

/** Of each task. */
const RUNS_KEPT = 100

export function prepareTaskWriter(db: DatabaseSync): (changes: readonly TaskChange[]) => void {
  const put = db.prepare(`INSERT INTO task (id, state, next, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, next = excluded.next, body = excluded.body`)
  const drop = db.prepare(`DELETE FROM task WHERE id = ?`)
  const run = db.prepare(`INSERT INTO task_run (task, planned, begun, state, text) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (task, planned) DO UPDATE SET state = excluded.state, text = excluded.text`)
  const bury = db.prepare(`DELETE FROM task_run WHERE task = ?1 AND state <> 'running' AND planned <
    (SELECT planned FROM task_run WHERE task = ?1 ORDER BY planned DESC LIMIT 1 OFFSET ${RUNS_KEPT})`)
  return (changes) => {
    for (const change of changes) {
      if (change.kind === 'put') {
        const { state, next, ...body } = change.task
        put.run(body.id, state, next ?? null, JSON.stringify(body))
      } else if (change.kind === 'drop') drop.run(change.id)
      else {
        const { task, planned, begun, state, text } = change.run
        run.run(task, planned, begun, state, text)
        bury.run(task)
      }
    }
  }
}
