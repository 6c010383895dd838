/** What the verbs of tasks ask for: of the running bot, or of the database while none runs. */
import type { MakeDeps, TaskOrder, TaskWish } from '../../app/tasks/orders.ts'
import { systemClock } from '../../base/clock.ts'
import { UsageError } from '../../base/errors.ts'
import type { Task } from '../../domain/schedule/task.ts'
import type { StorePort } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { throughBotOrStore } from '../control/bot-or-store.ts'
import type { ShownTask } from './shown.ts'

/** Ten files of 20 MB are copied first. */
const COPY_MS = 60_000

const depsIn = async (store: StorePort): Promise<MakeDeps> => {
  const { loadProjects } = await import('../../app/intake/projects.ts')
  return { projects: await loadProjects(store), store, clock: systemClock }
}

/** `body`: the same order, as the bot reads it. */
export async function askForTask(
  config: Config,
  body: unknown,
  order: TaskOrder,
  around: (store: StorePort) => Promise<Pick<MakeDeps, 'keep' | 'cwdIn'>>,
): Promise<Task | Error> {
  return throughBotOrStore<Task>(config, {
    call: { method: 'POST', path: '/tasks', body },
    answerMs: COPY_MS,
    async withStore(store) {
      const { orderedTask } = await import('../../app/tasks/orders.ts')
      const task = await orderedTask(order, { ...(await depsIn(store)), ...(await around(store)) })
      if (task instanceof Error) return task
      const rows = await store.commit({ tasks: [{ kind: 'put', task }] })
      return rows instanceof Error ? rows : task
    },
  })
}

export async function askToChange(config: Config, wish: TaskWish): Promise<Task | Error> {
  return throughBotOrStore<Task>(config, {
    call: { method: 'POST', path: '/tasks/change', body: wish },
    async withStore(store) {
      const { wished } = await import('../../app/tasks/orders.ts')
      const done = await wished(wish, await depsIn(store))
      if (done instanceof Error) return done
      const rows = await store.commit({ tasks: done.changes })
      return rows instanceof Error ? rows : done.task
    },
  })
}

const RUNS_SHOWN = 10

/** All of them, each with its last run; or the one that is named, with its newest runs. */
export async function tasksIn(store: StorePort, id?: string): Promise<readonly ShownTask[] | UsageError> {
  const tasks = id === undefined ? await store.tasks.all() : [await store.tasks.byId(id)]
  const shown: ShownTask[] = []
  for (const task of tasks) {
    const { noTask } = await import('../../app/tasks/orders.ts')
    if (!task) return noTask(id ?? '')
    shown.push({ task, runs: await store.tasks.runsOf(task.id, id === undefined ? 1 : RUNS_SHOWN) })
  }
  return shown
}

export const askForTasks = async (config: Config, id?: string): Promise<readonly ShownTask[] | Error> =>
  throughBotOrStore<readonly ShownTask[]>(config, {
    call: { method: 'POST', path: '/tasks/list', body: { id } },
    withStore: async (store) => tasksIn(store, id),
  })

/** Of whoever calls. */
export const machineZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

export const readId = (id: string | undefined): string | UsageError =>
  id !== undefined && /^t[\da-f]{8}$/.test(id)
    ? id
    : new UsageError({ reason: `A task is named by its id, like t1a2b3c4d; it is "${id ?? ''}". "kimaki task list" shows them.` })

export function readMissed(text: string | undefined): Task['missed'] | UsageError {
  if (text === undefined || text === 'run' || text === 'skip') return text ?? 'run'
  return new UsageError({ reason: `--missed must be run (once, late) or skip; it is "${text}".` })
}
