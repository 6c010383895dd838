/** Tasks as slash commands use them. */
import { paused } from '../../domain/schedule/task.ts'
import { timesAfter } from '../../domain/schedule/when.ts'
import type { Clock } from '../../base/clock.ts'
import type { StorePort } from '../../ports/store.ts'
import type { TaskKeeper } from '../../ports/tasks.ts'
import type { Tasks } from './tasks.ts'

/** `tasks`: of the bot, which is made after its commands. */
export const keeperOf = (
  tasks: () => Pick<Tasks, 'make' | 'change' | 'runNow'>,
  { store, clock }: { readonly store: Pick<StorePort, 'tasks'>; readonly clock: Pick<Clock, 'now'> },
): TaskKeeper => ({
  async list(guildId) {
    const open = (await store.tasks.all()).filter((task) => task.guildId === guildId && task.state !== 'done')
    return Promise.all(open.map(async (task) => ({ task, runs: await store.tasks.runsOf(task.id, 1) })))
  },
  change: async (wish) => tasks().change(wish),
  runNow: async (id, planned) => tasks().runNow(id, planned),
  draft: async ({ requestId, target, prompt, when, zone, notifyOnly, userId }) =>
    tasks().make(
      {
        request: { id: hexOf(requestId), target, prompt, userId },
        sendAt: when,
        timeZone: zone,
        machineZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        notifyOnly,
        overlaps: false,
        missed: 'run',
      },
      {},
      (task) => paused(task, DRAFT),
    ),
  times: async ({ schedule }, count) => timesAfter(schedule, clock.now(), count),
})

/** Eight digits, as ids of tasks have them: of a snowflake the remainder by the largest prime below 2^32. */
const hexOf = (requestId: string): string => (BigInt(requestId) % 4_294_967_291n).toString(16).padStart(8, '0')

const DRAFT = 'nobody has confirmed it yet'
