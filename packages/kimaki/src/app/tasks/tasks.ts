/**
 * Scheduled tasks of a running bot. One timer waits for the task that is due next.
 *
 * S1. A run is a row under its task and its planned instant, written in the commit that begins it and plans the next one: killed before the
 *     commit nothing has happened, killed after it the conversation goes on as any other.
 * S2. What follows from the end of a run (its line in the channel, the pause after ten failures) is one commit with that end.
 * S3. Whether the creator may still speak is asked before each run; unknown means later, no means that the task is paused.
 * S4. Instants that passed while nobody looked are one run, of the earliest of them, and told as late, or skipped.
 * S5. Tasks are changed one after the other, so no change is made on what an earlier one has replaced.
 */
import type { Clock } from '../../base/clock.ts'
import { ChatUnknown, isAbortError, UsageError } from '../../base/errors.ts'
import type { KeyedTimers } from '../../base/keyed-timers.ts'
import { SerialQueue } from '../../base/serial.ts'
import { may } from '../../domain/access.ts'
import { afterRun, isLate, paused, runId, runKey, type Task, type TaskChange, type TaskRun } from '../../domain/schedule/task.ts'
import { nextAfter } from '../../domain/schedule/when.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { Acceptance, InboxRow, StorePort } from '../../ports/store.ts'
import { reminderText, taskEndText, taskPausedText, taskSkippedText, type RunEnd } from '../../view/text/task.ts'
import type { CommitQueue } from '../commit-queue.ts'
import type { StateWaits } from '../control/state-waits.ts'
import { waitForRequest } from '../control/sessions/wait.ts'
import type { Retry } from '../retry.ts'
import { noTask, orderedTask, wished, type MakeDeps, type TaskOrder, type TaskWish } from './orders.ts'
import { acceptanceOf, channelPlace, noticeOf, threadOf } from './prepare-run.ts'

export interface TasksDeps extends Pick<MakeDeps, 'projects'> {
  readonly store: StorePort
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly chat: Pick<ChatPort, 'accessOf'>
  readonly agent: Pick<AgentPort, 'sessions'>
  readonly clock: Clock
  readonly log: Log
  readonly retry: Pick<Retry, 'pause' | 'signal'>
  readonly timers: Pick<KeyedTimers, 'set'>
  readonly waits: Pick<StateWaits, 'until'>
  readonly deliver: (row: InboxRow) => void
}

const AT_ONCE = 20
/** A clock that is set, or a machine that slept, is noticed within this time. */
const LOOK_EVERY_MS = 60_000
const LATER_MS = 30_000
const HELD_MS = 600_000
const PENDING_MS = 1000
const RUNS = 20

export class Tasks {
  readonly #deps: TasksDeps
  readonly #queue = new SerialQueue()
  /** Runs that go on, by task. */
  readonly #running = new Map<string, Set<number>>()
  /** Tasks whose rights could not be asked for, and until when they wait (Unix ms). */
  readonly #waiting = new Map<string, number>()
  readonly #watched = new Set<Promise<void>>()

  constructor(deps: TasksDeps) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    for (const run of await this.#deps.store.tasks.running()) this.#watch(run)
    this.#look()
  }

  /** Resolves when nothing goes on, once the signal has been given. */
  async stop(): Promise<void> {
    await this.#queue.drained()
    await Promise.all(this.#watched)
  }

  /** `as`: how a new one is put on record; the default is as it was made. */
  async make(
    order: TaskOrder,
    around: Pick<MakeDeps, 'keep' | 'cwdIn'>,
    as: (task: Task) => Task = (task) => task,
  ): Promise<Task | UsageError> {
    return this.#queue.run(async () => {
      const ordered = await orderedTask(order, { ...this.#deps, ...around })
      if (ordered instanceof Error) return ordered
      const known = await this.#deps.store.tasks.byId(ordered.id)
      const task = known ?? as(ordered)
      if (!known) await this.#commit([{ kind: 'put', task }])
      this.#look()
      return task
    })
  }

  async change(wish: TaskWish): Promise<Task | UsageError> {
    return this.#queue.run(async () => {
      const done = await wished(wish, this.#deps)
      if (done instanceof Error) return done
      await this.#commit(done.changes)
      this.#look()
      return done.task
    })
  }

  /** Now, whatever is planned. `planned`: what the run is known by; asked again with it, it is the same run. */
  async runNow(id: string, planned = this.#deps.clock.now()): Promise<Task | UsageError> {
    return this.#queue.run(async () => {
      const task = await this.#deps.store.tasks.byId(id)
      if (!task) return noTask(id)
      if ((await this.#deps.store.tasks.runsOf(id, RUNS)).some((run) => run.planned === planned)) return task
      if (!task.overlaps && this.#running.has(id))
        return new UsageError({ reason: 'Its run before goes on. Wait for its end, or stop it in its thread.' })
      const why = await this.#whyNot(task)
      if (why !== undefined)
        return new UsageError({ reason: `It cannot run: ${why === 'later' ? 'Discord does not answer' : why}.` })
      const at = this.#deps.clock.now()
      await this.#begin(task, { task: id, planned, begun: at, state: 'running', text: '' })
      return task
    })
  }

  #look(): void {
    this.#deps.timers.set(
      'tasks',
      0,
      () => void this.#queue.run(async () => this.#runDue()).catch((error: unknown) => this.#failed(error)),
    )
  }

  async #runDue(): Promise<void> {
    const { store, clock, retry } = this.#deps
    for (;;) {
      const now = clock.now()
      const found = await store.tasks.due(now, AT_ONCE + this.#waiting.size)
      const due = found.filter(({ id }) => (this.#waiting.get(id) ?? 0) <= now)
      if (due.length === 0) break
      for (const task of due) {
        retry.signal.throwIfAborted()
        await this.#runPlanned(task, { task: task.id, planned: task.next ?? now, begun: clock.now(), state: 'running', text: '' })
      }
    }
    this.#sleep(await store.tasks.nextAt())
  }

  #sleep(next: number | undefined): void {
    if (next === undefined) return
    const now = this.#deps.clock.now()
    const earliest = next <= now ? now + LATER_MS : next
    this.#deps.timers.set('tasks later', Math.min(earliest - now, LOOK_EVERY_MS), () => this.#look())
  }

  async #runPlanned(task: Task, run: TaskRun): Promise<void> {
    const why = await this.#whyNot(task)
    if (why === 'later') return void this.#waiting.set(task.id, run.begun + LATER_MS)
    this.#waiting.delete(task.id)
    if (why !== undefined) return this.#pause(paused(task, why), run)
    const next = await nextAfter(task.schedule, Math.max(run.begun, run.planned))
    const after: Task = { ...task, next, ...(next === undefined && { state: 'done' as const }) }
    if (isLate(run) && task.missed === 'skip') return this.#skip(after, run, 'kimaki was off, or held up')
    if (!task.overlaps && this.#running.has(task.id)) return this.#skip(after, run, 'the run before it goes on')
    await this.#begin(after, run)
  }

  /** `later`: nobody knows yet. */
  async #whyNot({ channelId, guildId, target, userId }: Task): Promise<string | undefined> {
    const { projects, chat } = this.#deps
    if (!projects.of(channelId)) return 'its channel is not linked to a folder any more'
    const place = target.kind === 'thread' ? await threadOf(target.threadId, this.#deps) : undefined
    if (place instanceof Error) return place.message
    if (userId === undefined) return undefined
    const facts = await chat.accessOf(guildId, userId)
    if (facts instanceof ChatUnknown) return 'later'
    return facts instanceof Error || !may('speak', facts)
      ? `<@${userId}>, whose task it is, may not use kimaki any more`
      : undefined
  }

  async #begin(task: Task, run: TaskRun): Promise<void> {
    const put = { kind: 'put', task } as const
    if (task.notifyOnly) {
      const reminder = await this.#reminder(task, run)
      return this.#commit([put, { kind: 'run', run: { ...run, state: 'done' } }], reminder)
    }
    const acceptance = await acceptanceOf(task, run, this.#deps)
    if (acceptance instanceof Error) return this.#ended(task, run, { ok: false, text: acceptance.message, threadId: undefined })
    await this.#commit([put, { kind: 'run', run }], acceptance)
    this.#watch(run)
  }

  async #reminder(task: Task, run: TaskRun): Promise<Acceptance | undefined> {
    const text = reminderText(task, run)
    const said = { key: `notice:${runId(run)}`, text, pings: task.userId, at: run.begun }
    if (task.target.kind === 'channel') return this.#inChannel(task, run, said)
    const place = await threadOf(task.target.threadId, this.#deps)
    return place instanceof Error ? undefined : noticeOf(place, said)
  }

  #inChannel({ channelId }: Task, run: TaskRun, said: Parameters<typeof noticeOf>[1]): Acceptance | undefined {
    const project = this.#deps.projects.of(channelId)
    return project && noticeOf(channelPlace(project, runId(run)), said)
  }

  async #skip(task: Task, run: TaskRun, text: string): Promise<void> {
    const skipped = { ...run, state: 'skipped', text } as const
    const said = { key: `skipped:${runId(run)}`, text: taskSkippedText(task, skipped), pings: undefined, at: run.begun }
    await this.#commit(
      [
        { kind: 'put', task },
        { kind: 'run', run: skipped },
      ],
      this.#inChannel(task, run, said),
    )
  }

  async #pause(task: Task, run: TaskRun): Promise<void> {
    const said = { key: `paused:${runId(run)}`, text: taskPausedText(task), pings: task.userId, at: run.begun }
    this.#deps.log.warn('a task is paused', { task: task.id, why: task.why })
    await this.#commit([{ kind: 'put', task }], this.#inChannel(task, run, said))
  }

  #watch(run: TaskRun): void {
    const runs = this.#running.get(run.task) ?? new Set()
    this.#running.set(run.task, runs.add(run.planned))
    const watched = this.#untilEnded(run)
      .then(async (end) => this.#queue.run(async () => this.#onEnd(run, end)))
      .catch((error: unknown) => this.#failed(error))
      .finally(() => void this.#watched.delete(watched))
    this.#watched.add(watched)
  }

  async #untilEnded(run: TaskRun): Promise<RunEnd> {
    const { clock, retry } = this.#deps
    for (;;) {
      const ended = await waitForRequest({ ...this.#deps, now: () => clock.now() }, runKey(run), HELD_MS)
      if (ended.state === 'ended') return ended
      await retry.pause(PENDING_MS)
    }
  }

  async #onEnd(run: TaskRun, end: RunEnd): Promise<void> {
    const runs = this.#running.get(run.task)
    runs?.delete(run.planned)
    if (runs?.size === 0) this.#running.delete(run.task)
    const task = await this.#deps.store.tasks.byId(run.task)
    if (task) return this.#ended(task, run, end)
    await this.#commit([{ kind: 'run', run: endedRun(run, end) }])
  }

  async #ended(before: Task, run: TaskRun, end: RunEnd): Promise<void> {
    const { task, isPaused } = afterRun(before, !end.ok)
    const text = [taskEndText(task, run, end), ...(isPaused ? [taskPausedText(task)] : [])].join('\n')
    const said = { key: `ended:${runId(run)}`, text, pings: isPaused ? task.userId : undefined, at: this.#deps.clock.now() }
    await this.#commit(
      [
        { kind: 'put', task },
        { kind: 'run', run: endedRun(run, end) },
      ],
      this.#inChannel(task, run, said),
    )
  }

  async #commit(tasks: readonly TaskChange[], acceptance?: Acceptance): Promise<void> {
    const { commits, deliver } = this.#deps
    const rows = await commits.commit({ tasks, ...(acceptance && { accept: [acceptance] }) })
    for (const row of rows) deliver(row)
  }

  #failed(error: unknown): void {
    if (isAbortError(error)) return
    this.#deps.log.error('tasks are not run for now', { error: String(error) })
    this.#deps.timers.set('tasks later', LATER_MS, () => this.#look())
  }
}

const endedRun = (run: TaskRun, { ok, text }: RunEnd): TaskRun => ({
  ...run,
  state: ok ? 'done' : 'failed',
  text: ok ? '' : text.slice(0, 500),
})
