/** Scheduled tasks on record: due ones in their order, runs under their instants, the newest hundred of them kept. */
import { expect, test } from 'vitest'
import type { Task, TaskRun } from '../../src/domain/schedule/task.ts'
import { CHANNEL, GUILD } from '../support/conversation.ts'
import { newFile, open } from './support.ts'

const task = (id: string, next: number | undefined, facts: Partial<Task> = {}): Task => ({
  id,
  channelId: CHANNEL,
  guildId: GUILD,
  target: { kind: 'thread', threadId: '7' },
  prompt: 'water it',
  schedule: { kind: 'cron', expression: '0 9 * * *', zone: 'UTC' },
  userId: undefined,
  wishes: {},
  files: [],
  notifyOnly: false,
  overlaps: false,
  missed: 'run',
  createdAt: 1,
  state: 'active',
  next,
  failures: 0,
  ...facts,
})
const run = (planned: number, facts: Partial<TaskRun> = {}): TaskRun => ({
  task: 't1',
  planned,
  begun: planned + 1,
  state: 'running',
  text: '',
  ...facts,
})
const put = (one: Task) => ({ kind: 'put', task: one }) as const

test('tasks that are due are read the earliest first, by a later process too; those that rest are not', async () => {
  const file = newFile()
  const first = open(file)
  const paused = task('t3', 1, { state: 'paused', why: 'somebody paused it' })
  await first.commit({
    tasks: [put(task('t1', 30)), put(task('t2', 20)), put(paused), put(task('t4', undefined, { state: 'done' }))],
  })
  await first.close()
  const { tasks } = open(file)
  expect((await tasks.due(30, 9)).map(({ id }) => id)).toEqual(['t2', 't1'])
  expect((await tasks.due(30, 1)).map(({ id }) => id)).toEqual(['t2'])
  expect([await tasks.due(19, 9), await tasks.nextAt()]).toEqual([[], 20])
  expect(await tasks.byId('t3')).toEqual(paused)
})

test('a run is one row under its task and instant, whose end replaces how it stood', async () => {
  const store = open()
  await store.commit({ tasks: [put(task('t1', 30)), { kind: 'run', run: run(30) }, { kind: 'run', run: run(30) }] })
  expect(await store.tasks.running()).toEqual([run(30)])
  await store.commit({ tasks: [{ kind: 'run', run: run(30, { state: 'failed', text: 'no model' }) }] })
  expect([await store.tasks.running(), await store.tasks.runsOf('t1', 9)]).toEqual([
    [],
    [run(30, { state: 'failed', text: 'no model' })],
  ])
})

test('of the runs of a task the newest hundred are kept, and those that go on', async () => {
  const store = open()
  const ended = Array.from({ length: 150 }, (_, at) => ({ kind: 'run', run: run(at + 10, { state: 'done' }) }) as const)
  await store.commit({ tasks: [{ kind: 'run', run: run(1) }, ...ended] })
  const kept = await store.tasks.runsOf('t1', 500)
  expect([kept.length, kept[0]?.planned, kept.at(-1)]).toEqual([102, 159, run(1)])
})
