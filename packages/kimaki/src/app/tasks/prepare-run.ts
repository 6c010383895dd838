/** What the run of a task puts on record: the acceptance that begins it, or the words that people are told. Nothing is written here. */
import { UsageError } from '../../base/errors.ts'
import { filesOf, runId, taskName, type Task, type TaskRun } from '../../domain/schedule/task.ts'
import type { Clock } from '../../base/clock.ts'
import type { Acceptance, ConversationPlace, Project, StorePort } from '../../ports/store.ts'
import { prepareSend, type SendError } from '../send.ts'

export interface RunDeps {
  readonly projects: { of(channelId: string): Project | undefined }
  readonly store: Pick<StorePort, 'load' | 'saidIn' | 'tasks'>
  readonly clock: Pick<Clock, 'now'>
}

type RunKey = Pick<TaskRun, 'task' | 'planned'>

/** The same request that `kimaki send` makes, under the id of the run. */
export async function acceptanceOf(task: Task, run: RunKey, deps: RunDeps): Promise<Acceptance | SendError> {
  const { target, prompt, userId, wishes, files } = task
  const author = { kind: 'schedule', name: `task ${taskName(task)}`, userId } as const
  const request = { id: runId(run), target, prompt, userId, author, ...wishes, attached: files }
  // Where it may work was asked when the task was made.
  return prepareSend(request, { ...deps, cwdIn: async (_project, cwd) => cwd })
}

/** `where`: the thread, or a place of its own in the project channel. */
export function noticeOf(
  where: ConversationPlace,
  {
    key,
    text,
    pings,
    at,
  }: { readonly key: string; readonly text: string; readonly pings: string | undefined; readonly at: number },
): Acceptance {
  return {
    key,
    request: { kind: 'notice', id: key, text, ...(pings !== undefined && { pings }) },
    conversation: where,
    at,
  }
}

export const channelPlace = ({ guildId, channelId, directory }: Project, id: string): ConversationPlace => ({
  id: `notice:${id}`,
  guildId,
  channelId,
  directory,
  inThread: false,
})

/** The place of the task's thread; an error where it has none any more, or never had a conversation. */
export async function threadOf(threadId: string, { store }: Pick<RunDeps, 'store'>): Promise<ConversationPlace | UsageError> {
  const { state, inbox } = await store.load(threadId)
  const [first] = inbox
  if (!state) return first?.conversation ?? new UsageError({ reason: `the thread ${threadId} has no conversation with kimaki` })
  if (state.thread.kind === 'gone') return new UsageError({ reason: `its thread ${threadId} is gone` })
  const { id, guildId, channelId, directory } = state
  return { id, guildId, channelId, directory, inThread: true }
}

/** Folders of files that belong to tasks: they are kept as long as these. */
export const foldersOfTasks = async ({ tasks }: Pick<StorePort, 'tasks'>): Promise<readonly string[]> =>
  (await tasks.all()).filter(({ state }) => state !== 'done').map(({ id }) => filesOf(id))
