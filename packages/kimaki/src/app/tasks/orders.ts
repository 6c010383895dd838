/** What people want of tasks: made, changed, paused, resumed, deleted. Nothing is written here: each answer is what a commit has to hold. */
import { UsageError } from '../../base/errors.ts'
import { filesOf, paused, type Task, type TaskChange } from '../../domain/schedule/task.ts'
import { nextAfter, readWhen } from '../../domain/schedule/when.ts'
import type { ModelChoice } from '../../domain/models/preferences.ts'
import type { IncomingAttachment } from '../../domain/message/incoming.ts'
import { checkPrompt, type SendDeps, type SendRequest } from '../send.ts'
import { threadOf, type RunDeps } from './prepare-run.ts'

export interface TimeWish {
  readonly sendAt: string
  readonly timeZone?: string | undefined
  /** The zone of whoever asks. */
  readonly machineZone: string
}

export interface TaskOrder extends TimeWish {
  readonly request: SendRequest
  readonly notifyOnly: boolean
  readonly overlaps: boolean
  readonly missed: Task['missed']
}

export type MakeDeps = RunDeps & Pick<SendDeps, 'keep' | 'cwdIn'>

/** Asked again with the same id of the request, it is the same task. */
export async function orderedTask(order: TaskOrder, deps: MakeDeps): Promise<Task | UsageError> {
  const { request, sendAt: text, timeZone: zone, machineZone, notifyOnly, overlaps, missed } = order
  const id = `t${request.id.slice(0, 8)}`
  const known = await deps.store.tasks.byId(id)
  if (known) return known
  const now = deps.clock.now()
  const schedule = await readWhen({ text, zone, machineZone, now })
  if (schedule instanceof Error) return schedule
  const prompt = checkPrompt(request.prompt)
  if (prompt instanceof Error) return prompt
  const place = await placeOf(request.target, deps)
  if (place instanceof Error) return place
  const cwd = request.cwd === undefined ? undefined : await deps.cwdIn?.(place, request.cwd)
  if (cwd instanceof Error) return cwd
  const files = await keptFiles(id, request, deps)
  if (files instanceof Error) return files
  const { agent, model, rules, parent, userId, target } = request
  return {
    id,
    channelId: place.channelId,
    guildId: place.guildId,
    target,
    prompt,
    schedule,
    userId,
    wishes: { agent, model, rules, parent, cwd },
    files,
    notifyOnly,
    overlaps,
    missed,
    createdAt: now,
    state: 'active',
    next: await nextAfter(schedule, now),
    failures: 0,
  }
}

async function placeOf(
  target: Task['target'],
  deps: RunDeps,
): Promise<{ readonly channelId: string; readonly guildId: string; readonly directory: string } | UsageError> {
  if (target.kind === 'thread') {
    const place = await threadOf(target.threadId, deps)
    return place instanceof Error ? new UsageError({ reason: `No task was made: ${place.message}.` }) : place
  }
  return (
    deps.projects.of(target.channelId) ??
    new UsageError({
      reason: `The channel ${target.channelId} is not linked to a folder of this machine, so no task was made. "kimaki project list" shows those that are.`,
    })
  )
}

async function keptFiles(
  id: string,
  { files = [] }: SendRequest,
  { keep }: Pick<MakeDeps, 'keep'>,
): Promise<readonly IncomingAttachment[] | UsageError> {
  if (files.length > 10) return new UsageError({ reason: 'At most 10 files can be sent at once.' })
  const kept: IncomingAttachment[] = []
  for (const [index, path] of files.entries()) {
    const file = keep ? await keep(filesOf(id), path) : new UsageError({ reason: 'Files cannot be sent here.' })
    if (file instanceof Error) return file
    kept.push({ ...file, id: `${id}/${index}` })
  }
  return kept
}

export type TaskWish =
  | { readonly kind: 'pause' | 'resume' | 'delete'; readonly id: string }
  | { readonly kind: 'edit'; readonly id: string; readonly edit: TaskEdit }

/** What stays out stays as it is; an empty text takes it away. */
export interface TaskEdit {
  readonly prompt?: string | undefined
  readonly time?: TimeWish | undefined
  readonly agent?: string | undefined
  readonly model?: ModelChoice | 'none' | undefined
  readonly userId?: string | undefined
  readonly overlaps?: boolean | undefined
  readonly missed?: Task['missed'] | undefined
}

export interface Wished {
  /** As it is from now on, or was. */
  readonly task: Task
  readonly changes: readonly TaskChange[]
}

export async function wished(wish: TaskWish, { store, clock }: Pick<RunDeps, 'store' | 'clock'>): Promise<Wished | UsageError> {
  const task = await store.tasks.byId(wish.id)
  if (!task) return noTask(wish.id)
  if (wish.kind === 'delete') return { task, changes: [{ kind: 'drop', id: task.id }] }
  const after = await changedTask(task, wish, clock.now())
  return after instanceof Error ? after : { task: after, changes: [{ kind: 'put', task: after }] }
}

export const noTask = (id: string): UsageError =>
  new UsageError({ reason: `There is no task ${id}. "kimaki task list" shows those that are.` })

async function changedTask(task: Task, wish: Exclude<TaskWish, { kind: 'delete' }>, now: number): Promise<Task | UsageError> {
  if (wish.kind === 'edit') return edited(task, wish.edit, now)
  if (wish.kind === 'pause')
    return task.state === 'active'
      ? paused(task, 'somebody paused it')
      : new UsageError({ reason: `The task is ${task.state} already.` })
  if (task.state === 'active') return new UsageError({ reason: 'The task is active already.' })
  const next = await nextAfter(task.schedule, now)
  if (next === undefined)
    return new UsageError({ reason: `Its time is over. Give it a new one: kimaki task edit ${task.id} --send-at …` })
  return { ...task, state: 'active', why: undefined, failures: 0, next }
}

async function edited(
  task: Task,
  { time, prompt, model, agent, userId, overlaps, missed }: TaskEdit,
  now: number,
): Promise<Task | UsageError> {
  const words = prompt === undefined ? task.prompt : checkPrompt(prompt)
  if (words instanceof Error) return words
  const schedule = time && (await readWhen({ ...time, text: time.sendAt, zone: time.timeZone ?? zoneOf(task, time), now }))
  if (schedule instanceof Error) return schedule
  const timed = schedule && {
    schedule,
    next: await nextAfter(schedule, now),
    state: task.state === 'done' ? ('active' as const) : task.state,
  }
  return {
    ...task,
    prompt: words,
    ...timed,
    wishes: {
      ...task.wishes,
      ...(agent !== undefined && { agent: agent === '' ? undefined : agent }),
      ...(model !== undefined && { model: model === 'none' ? undefined : model }),
    },
    ...(userId !== undefined && { userId: userId === '' ? undefined : userId }),
    ...(overlaps !== undefined && { overlaps }),
    ...(missed !== undefined && { missed }),
  }
}

/** The zone that was chosen for the task; UTC may be what nobody has chosen. */
const zoneOf = ({ schedule: { zone } }: Task, { timeZone }: TimeWish): string | undefined =>
  timeZone ?? (zone === 'UTC' ? undefined : zone)
